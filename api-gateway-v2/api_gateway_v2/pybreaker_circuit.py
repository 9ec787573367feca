"""The adapter to pybreaker, which keeps the state of the circuit. Nothing else in the gateway imports pybreaker.

pybreaker stays because its state objects and storage carry the state: students meet the library they know, and the
benchmarks compare it with the guard. Its `call()` is not used, because it holds a lock while the call runs, probes with
the calls of users, and measures the cooldown by the wall clock (docs/the-guard.md has the full list).
"""

import pybreaker

from api_gateway_v2.transitions import State


class PybreakerCircuit:
    """A `pybreaker.CircuitBreaker` that moves only when told to. Not thread-safe: the breaker's lock guards it."""

    def __init__(self) -> None:
        self._circuit = pybreaker.CircuitBreaker()
        self._moves = {
            State.CLOSED: self._circuit.close,
            State.OPEN: self._circuit.open,
            State.HALF_OPEN: self._circuit.half_open,
        }

    @property
    def state(self) -> State:
        """Return pybreaker's current state."""
        return State(self._circuit.current_state.upper())

    def move(self, to: State) -> State:
        """Move to a state and return pybreaker's state afterwards."""
        self._moves[to]()
        return self.state
