"""Changes of state, as log lines."""

import structlog

from api_gateway_v2.transitions import State, Transition

_log = structlog.get_logger()


class EventLog:
    """Writes a line for each transition: a warning when the circuit opens."""

    def __init__(self, circuit: str) -> None:
        self._circuit = circuit

    def transition(self, transition: Transition) -> None:
        """Write the line."""
        write = _log.warning if transition.to_state is State.OPEN else _log.info
        write(
            "circuit",
            circuit=self._circuit,
            from_state=transition.from_state,
            to_state=transition.to_state,
            why=transition.why,
        )
