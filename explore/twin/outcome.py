"""What a simulated run came to."""

from dataclasses import dataclass, field

from api_gateway_v2.transitions import State, Transition
from explore.twin.story import Episode


@dataclass(slots=True)
class Counts:
    """Pages of a part of the run."""

    full: int = 0
    degraded: int = 0
    good_refused: int = 0  # without recommendations, although the call would have been answered in time

    @property
    def pages(self) -> int:
        """All of them."""
        return self.full + self.degraded

    @property
    def degraded_share(self) -> float:
        """Share of the pages that came without recommendations, 0 to 1; 0 of none."""
        return self.degraded / self.pages if self.pages else 0.0


@dataclass(slots=True)
class Outcome:
    """A run: its pages, by whether they began in an episode, and the changes of the circuit."""

    well: Counts = field(default_factory=Counts)
    sick: Counts = field(default_factory=Counts)
    transitions: list[Transition] = field(default_factory=list)
    sick_calls_s: list[float] = field(default_factory=list)  # that reached the sick dependency: when; with the probes
    probes: int = 0

    def of(self, episode: Episode | None) -> Counts:
        """Return the counts of pages that began in this episode, or in none."""
        return self.well if episode is None else self.sick

    def trips_s(self, since_s: float = 0.0) -> list[float]:
        """Return when the circuit tripped from then on: CLOSED to OPEN."""
        return [one.at_s for one in self.transitions if one.from_state is State.CLOSED and one.at_s >= since_s]

    def is_closed_at(self, at_s: float) -> bool:
        """Return whether the circuit is CLOSED then."""
        before = [one.to_state for one in self.transitions if one.at_s <= at_s]
        return not before or before[-1] is State.CLOSED

    def closed_s(self, since_s: float = 0.0) -> float | None:
        """Return when the circuit next closed from then on; None: never."""
        closed = (one.at_s for one in self.transitions if one.to_state is State.CLOSED and one.at_s >= since_s)
        return next(closed, None)
