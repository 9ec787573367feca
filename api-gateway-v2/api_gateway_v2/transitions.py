"""The states of a circuit, who controls it, and its transitions."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The states of a circuit, spelled as in the API."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF-OPEN"


class Control(StrEnum):
    """Who decides the state of a circuit."""

    AUTOMATIC = "automatic"  # the trip rules and the probes
    FORCED_OPEN = "forced open"
    FORCED_CLOSED = "forced closed"


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of state and its reason."""

    at: str  # RFC 3339
    at_s: float  # on the breaker's clock
    from_state: State
    to_state: State
    reason: str  # `why` in the API and the log
