"""The adapter to pybreaker, which keeps the state of the circuit. Nothing else in the gateway imports pybreaker.

Of pybreaker only its states and their storage are used, and only under the breaker's lock, which is held for
microseconds. What its `call()` does around a call is what this project warns of: it holds a lock while the call runs,
probes with the calls of users, and measures the cooldown by the wall clock (docs/the-guard.md has the list).
"""

import pybreaker

from api_gateway_v2.transitions import State


class PybreakerCircuit:
    """A `pybreaker.CircuitBreaker` that is told where to move. Not thread-safe: the breaker's lock guards it."""

    def __init__(self) -> None:
        self._circuit = pybreaker.CircuitBreaker()
        self._moves = {
            State.CLOSED: self._circuit.close,
            State.OPEN: self._circuit.open,
            State.HALF_OPEN: self._circuit.half_open,
        }

    @property
    def state(self) -> State:
        """Return the state that pybreaker is in."""
        return State(self._circuit.current_state.upper())

    def move(self, to: State) -> State:
        """Move to a state and return the state that pybreaker is in then."""
        self._moves[to]()
        return self.state
