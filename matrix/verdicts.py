"""Better or worse than no protection: a bootstrap interval of the difference, and what it decides.

The seconds of all runs are drawn again with replacement (Efron and Tibshirani, An Introduction to the Bootstrap,
1993), each with what both gateways did in it: they had the same requests at the same time. A difference below RELEVANT
counts as none, so an interval can also decide that two are the same (Kruschke, Rejecting or Accepting Parameter Values
in Bayesian Estimation, 2018).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matrix.model import Verdict

RELEVANT = 0.02
DRAWS = 4000
PERCENTILES = (2.5, 97.5)

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Score:
    """What a gateway did in each second: so many good ones, of so many."""

    good: Sequence[int]
    of: Sequence[int]

    @property
    def share(self) -> float:
        """The share over all seconds; 1 of nothing."""
        return sum(self.good) / sum(self.of) if sum(self.of) else 1.0


@dataclass(frozen=True, slots=True)
class Difference:
    """How much larger the share of one is than that of another."""

    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        """What the interval decides."""
        if self.low > RELEVANT:
            return "better"
        if self.high < -RELEVANT:
            return "worse"
        return "same" if self.low >= -RELEVANT and self.high <= RELEVANT else "not decided"


def difference(one: Score, other: Score) -> Difference:
    """Return the interval of `one` minus `other`; their seconds are the same."""
    rng = np.random.default_rng(1)  # the same data, the same verdict
    seconds = len(one.good)
    drawn = rng.integers(0, seconds, (DRAWS, seconds)) if seconds else np.zeros((1, 0), dtype=np.int64)
    low, high = np.percentile(_shares(one, drawn) - _shares(other, drawn), PERCENTILES)
    return Difference(float(low), float(high))


def _shares(score: Score, drawn: Counts) -> npt.NDArray[np.float64]:
    good, of = (np.asarray(counts, dtype=np.int64)[drawn].sum(axis=1) for counts in (score.good, score.of))
    shares: npt.NDArray[np.float64] = np.where(of > 0, good / np.maximum(of, 1), 1.0)
    return shares
