"""The circuit's transitions as log lines, and its part of each request's line."""

import structlog

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.listeners import Listener
from api_gateway_v2.transitions import State, Transition
from shopkit import logs

_log = structlog.get_logger()


class EventLog(Listener):
    """Writes a line for each transition, and adds `degraded` and `circuit` to the lines of requests."""

    def __init__(self, breaker: Breaker) -> None:
        self._breaker = breaker

    def on_transition(self, transition: Transition) -> None:
        """Write a line: a warning when the circuit opens."""
        write = _log.warning if transition.to_state is State.OPEN else _log.info
        write(
            "circuit",
            circuit=self._breaker.name,
            from_state=transition.from_state,
            to_state=transition.to_state,
            why=transition.why,
        )

    def on_answer(self, *, degraded: bool) -> None:
        """Add to the line of the request that this thread serves."""
        logs.add_to_line(degraded=degraded, circuit=self._breaker.state)
