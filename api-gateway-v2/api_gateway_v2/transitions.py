"""The vocabulary of a circuit: its states, who controls them, and the transitions between them."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The states of a circuit, spelt as in the API."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF-OPEN"


class Control(StrEnum):
    """Who decides the state."""

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
    why: str
