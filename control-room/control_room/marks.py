"""What happened, for the time axis: faults, the circuit's changes, the load, and who stopped answering."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

KEPT = 100
BOTH = ("v1", "v2")


class Kind(StrEnum):
    """What a mark is about."""

    FAULT = "fault"
    HEAL = "heal"
    CIRCUIT = "circuit"
    LOAD = "load"
    LINK = "link"  # a gateway stopped answering
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Mark:
    """One event."""

    at: float  # seconds since the epoch
    kind: Kind
    text: str
    gateways: tuple[str, ...] = BOTH  # whose axis it belongs on


class Marks:
    """The last marks, in the order in which they came."""

    def __init__(self) -> None:
        self._marks: deque[Mark] = deque(maxlen=KEPT)

    def add(self, mark: Mark) -> None:
        """Keep one more."""
        self._marks.append(mark)

    def since(self, at: float) -> list[Mark]:
        """Return those from that time on, as seconds since the epoch."""
        return [mark for mark in list(self._marks) if mark.at >= at]
