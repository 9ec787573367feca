"""What happens to the dependency, and when. Times are in seconds of the simulation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from explore.traffic import Fault

ENDLESS_S = float("inf")


@dataclass(frozen=True, slots=True)
class Episode:
    """A time in which calls that begin are sick; each of them is, until it ends."""

    begins_s: float
    ends_s: float
    fault: Fault

    def __contains__(self, at_s: float) -> bool:
        """Return whether a call that begins then is sick."""
        return self.begins_s <= at_s < self.ends_s


@dataclass(frozen=True, slots=True)
class Story:
    """A run: its length, and the episodes in it, which do not overlap."""

    lasts_s: float
    episodes: Sequence[Episode] = ()
    until_closed: bool = False  # after the last episode, it ends as soon as the circuit is CLOSED

    @property
    def healed_s(self) -> float:
        """When the last episode ends; 0 without one."""
        return max((episode.ends_s for episode in self.episodes), default=0.0)

    @classmethod
    def well(cls, lasts_s: float) -> "Story":
        """Return a story in which nothing is wrong."""
        return cls(lasts_s)

    @classmethod
    def of(cls, fault: Fault, well_s: float, sick_s: float, after_s: float, *, until_closed: bool = False) -> "Story":
        """Return a story with one fault that lasts for a while."""
        return cls(well_s + sick_s + after_s, (Episode(well_s, well_s + sick_s, fault),), until_closed)

    def parts(self, begins_s: float, ends_s: float) -> Iterator[tuple[float, float, Episode | None]]:
        """Yield the parts of a time, each with its start, its end, and the episode in which it lies."""
        edges_s = {edge for episode in self.episodes for edge in (episode.begins_s, episode.ends_s)}
        inner_s = (edge for edge in edges_s if begins_s < edge < ends_s)
        for begin_s, end_s in pairwise(sorted((begins_s, *inner_s, ends_s))):
            yield begin_s, end_s, self.episode_at(begin_s)

    def episode_at(self, at_s: float) -> Episode | None:
        """Return the episode that a call is in that begins then."""
        return next((episode for episode in self.episodes if at_s in episode), None)
