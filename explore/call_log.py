"""Calls to one dependency, as they were logged."""

from array import array
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from explore.latency import RecordedLatency
from explore.traffic import Traffic

SHORTEST_S = 0.0001  # many logs round what is shorter than a millisecond to 0
MOST_RECORDED = 100_000  # the processes of a search get a copy with every task


class CallOutcome(IntEnum):
    """What a call came to, as the guard of api-gateway-v2 counts it."""

    SUCCESS = 0
    FAILED = 1  # a fault of the dependency, or no answer
    REJECTED = 2  # an answer that blames the request


@dataclass(frozen=True, slots=True)
class CallLog:
    """Calls in the order of their starts. At least two start apart, and at least one succeeded."""

    starts_s: NDArray[np.float64]  # since the first
    durations_s: NDArray[np.float32]
    outcomes: NDArray[np.uint8]  # CallOutcome

    def first(self, calls: int) -> "CallLog":
        """Return the first so many calls."""
        return CallLog(self.starts_s[:calls], self.durations_s[:calls], self.outcomes[:calls])

    def traffic(self) -> Traffic:
        """Return the traffic of the whole log, with the incidents that it holds."""
        succeeded_s = np.sort(self.durations_s[self.outcomes == CallOutcome.SUCCESS])
        failed = int(np.count_nonzero(self.outcomes == CallOutcome.FAILED))
        return Traffic(
            rate_per_s=(len(self.starts_s) - 1) / float(self.starts_s[-1]),
            latency=RecordedLatency(array("f", np.maximum(_thinned(succeeded_s), np.float32(SHORTEST_S)).tobytes())),
            error_share=failed / len(self.outcomes),
        )


def _thinned(sorted_s: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return as many as may be recorded, evenly over the ranks, with the first and the last."""
    ranks = np.linspace(0, len(sorted_s) - 1, min(len(sorted_s), MOST_RECORDED)).round()
    return sorted_s[ranks.astype(np.intp)]
