"""The words for what a circuit does: its states, who decides them, and the changes between them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    """The states of a circuit, spelt as in the API."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF-OPEN"


class Control(StrEnum):
    """Who decides the state."""

    AUTOMATIC = "automatic"  # the rules
    FORCED_OPEN = "forced open"
    FORCED_CLOSED = "forced closed"


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of state."""

    at: str  # RFC 3339
    from_state: State
    to_state: State
    why: str


class Listener(Protocol):
    """Hears of changes of state, after the fact and outside the lock; what it raises is logged and dropped."""

    def transition(self, transition: Transition) -> None:
        """The circuit changed its state."""
