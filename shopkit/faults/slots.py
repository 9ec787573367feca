"""A service that can be overloaded: a few slots, and a queue before them."""

from dataclasses import dataclass
from typing import Protocol

from shopkit.faults.vocabulary import Capacity


@dataclass(frozen=True, slots=True)
class Turn:
    """When a call is done with, in seconds from now, and whether it is worked on."""

    ends_in_s: float
    is_worked_on: bool = True  # False: its deadline has passed when its turn comes


class Slots(Protocol):
    """Says when each call's turn comes and ends. Safe to share between threads."""

    def take(self, left_s: float | None = None) -> Turn | None:
        """Join the queue with so much time left, if that matters; return None if the queue is full.

        It may wait for the turn.
        """

    def leave(self, turn: Turn) -> None:
        """Go when the turn has ended; every call that got one does."""

    def waiting(self) -> int:
        """Return how many calls wait for a slot."""


def service_s(fault: Capacity, begins_after_s: float) -> float:
    """Return how long a call takes that begins so long after the fault: at first the service is cold."""
    return fault.service_s * (fault.cold_factor if begins_after_s < fault.cold_s else 1)
