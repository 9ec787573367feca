"""What happens to the dependency, and when. Times are in seconds of the simulation."""

from collections.abc import Sequence
from dataclasses import dataclass

ENDLESS_S = float("inf")


@dataclass(frozen=True, slots=True)
class Episode:
    """A time in which calls that begin are sick; each of them is, until it ends."""

    begins_s: float
    ends_s: float
    hang_share: float = 0.0  # of the calls, 0 to 1: these are not answered
    error_share: float = 0.0  # of the calls that are answered
    delay_s: float = 0.0  # that each answer takes in addition

    def __contains__(self, at_s: float) -> bool:
        """Return whether a call that begins then is sick."""
        return self.begins_s <= at_s < self.ends_s


@dataclass(frozen=True, slots=True)
class Story:
    """A run: its length, and the episodes in it, which do not overlap."""

    lasts_s: float
    episodes: Sequence[Episode] = ()

    @classmethod
    def well(cls, lasts_s: float) -> "Story":
        """Return a story in which nothing is wrong."""
        return cls(lasts_s)

    @classmethod
    def hang(cls, share: float, well_s: float, hangs_s: float, after_s: float) -> "Story":
        """Return a story in which a share of the calls hangs for a while."""
        return cls(well_s + hangs_s + after_s, (Episode(well_s, well_s + hangs_s, hang_share=share),))

    def episode_at(self, at_s: float) -> Episode | None:
        """Return the episode that a call is in that begins then."""
        return next((episode for episode in self.episodes if at_s in episode), None)
