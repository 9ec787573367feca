"""Log lines for the circuit's transitions, and the guard's fields in each request's log line."""

import structlog

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.listeners import Listener
from api_gateway_v2.permits import Decision
from api_gateway_v2.transitions import State, Transition
from shopkit import logs

_log = structlog.get_logger()


class EventLog(Listener):
    """Logs each transition, and adds `degraded`, `circuit` and `decision` to the log lines of requests."""

    def __init__(self, breaker: Breaker) -> None:
        self._breaker = breaker

    def on_transition(self, transition: Transition) -> None:
        """Log the transition, as a warning when the circuit opens."""
        write = _log.warning if transition.to_state is State.OPEN else _log.info
        write(
            "circuit",
            circuit=self._breaker.name,
            from_state=transition.from_state,
            to_state=transition.to_state,
            why=transition.reason,
        )

    def on_decision(self, decision: Decision) -> None:
        """Add to the log line of the request that this thread serves."""
        logs.add_to_line(decision=f"{self._breaker.name}: {decision}")

    def on_answer(self, *, degraded: bool) -> None:
        """Add to the log line of the request that this thread serves."""
        logs.add_to_line(degraded=degraded, circuit=self._breaker.state)
