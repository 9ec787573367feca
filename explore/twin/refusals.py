"""Pages of a time in which the circuit admits nobody: only counted, for at a high rate they are nearly all of a run."""

import numpy as np

from explore.twin.dependency import Dependency
from explore.twin.outcome import Counts
from explore.twin.story import Episode


class Refusals:
    """Draws how many pages came, and how many of them a call would have helped."""

    def __init__(self, rate_per_s: float, dependency: Dependency, patience_s: float, seed: int) -> None:
        """A page waits for `patience_s` at most."""
        self._rate_per_s = rate_per_s
        self._dependency = dependency
        self._patience_s = patience_s
        self._rng = np.random.default_rng(seed)

    def count(self, lasts_s: float, episode: Episode | None, counts: Counts) -> None:
        """Add the pages of so long a time, in which all calls or none meet an episode."""
        pages = int(self._rng.poisson(self._rate_per_s * lasts_s))
        counts.degraded += pages
        counts.good_refused += int(self._rng.binomial(pages, self._dependency.good_share(episode, self._patience_s)))
