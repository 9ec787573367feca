"""Counts for each second of a run."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Self

from experiment.results.model import BusyThreads, GatewaySeries
from experiment.results.requests_file import RequestRow
from experiment.run.timeline import Clock
from load.outcomes import Outcome
from shopkit.poller import Sample

STUCK_S = 1.0  # /metrics takes milliseconds once it has a thread: after this long without an answer, no thread was free


def series_of(
    rows: Sequence[RequestRow],
    calls: list[int | None],
    useless_work: list[int | None],
    busy_threads: list[int | None],
    ends_s: float,
) -> GatewaySeries:
    """Return the counts of one gateway for each second."""
    seconds = ceil(ends_s)

    def per_second(times: list[float]) -> list[int]:
        counts = [0] * seconds
        for at_s in times:
            counts[min(max(0, int(at_s)), seconds - 1)] += 1
        return counts

    def ended(outcome: Outcome) -> list[int]:
        return per_second([row.ended_s for row in rows if row.outcome is outcome and row.ended_s is not None])

    starts = sorted(row.started_s for row in rows if row.started_s is not None)
    ends = sorted(row.ended_s for row in rows if row.ended_s is not None)
    return GatewaySeries(
        scheduled=per_second([row.intended_s for row in rows]),
        full=ended(Outcome.FULL),
        degraded=ended(Outcome.DEGRADED),
        failed=ended(Outcome.FAILED),
        waiting=[bisect_right(starts, second + 1) - bisect_right(ends, second + 1) for second in range(seconds)],
        calls_to_recommendations=calls,
        useless_work=useless_work,
        busy_threads=busy_threads,
    )


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter of the recommendations service, interpolated between its readings."""

    points: Sequence[tuple[float, float]]  # seconds of the run, and the count

    @classmethod
    def of(cls, samples: Sequence[Sample[dict[str, int]]], what: str, clock: Clock) -> Self:
        """Take a count out of all readings."""
        return cls([(clock.of(s.asked_at), s.seen[what]) for s in samples if s.seen])

    def per_second(self, ends_s: float) -> list[int | None]:
        """Return by how much it rises in each second; None where it was not read."""
        return [self.rise(float(second), second + 1.0) for second in range(ceil(ends_s))]

    def rise(self, from_s: float, to_s: float) -> int | None:
        """Return by how much it rises between two moments; None where it was not read, or the service has restarted."""
        a, b = self._at(from_s), self._at(to_s)
        return None if a is None or b is None or b < a else round(b) - round(a)

    def values(self, ends_s: float) -> list[int | None]:
        """Return its value at the end of each second; None where it was not read."""
        found = (self._at(second + 1.0) for second in range(ceil(ends_s)))
        return [None if value is None else round(value) for value in found]

    def _at(self, at_s: float) -> float | None:
        for (a_s, a), (b_s, b) in pairwise(self.points):
            if a_s <= at_s <= b_s:
                return a + (b - a) * (at_s - a_s) / (b_s - a_s)
        return None


def busy_per_second(
    samples: Sequence[Sample[int]], threads: int, clock: Clock, ends_s: float
) -> tuple[list[int | None], list[bool]]:
    """Return a gateway's busy threads in each second, and in which seconds it did not answer, so that all were busy."""
    busy: list[int | None] = [None] * ceil(ends_s)
    stuck = [False] * ceil(ends_s)
    for sample in samples:
        from_s = clock.of(sample.asked_at)
        to_s = ends_s if sample.answered_at is None else clock.of(sample.answered_at)
        if sample.seen is not None and to_s - from_s < STUCK_S and 0 <= from_s < ends_s:
            busy[int(from_s)] = sample.seen - 1  # without the look itself
        elif to_s - from_s >= STUCK_S:
            for second in range(max(0, int(from_s)), min(ceil(to_s), len(busy))):
                busy[second], stuck[second] = threads, True
    return busy, stuck


def busy_threads(busy: list[int | None], stuck: list[bool], from_s: float, to_s: float) -> BusyThreads | None:
    """Summarize the seconds between two moments; None where none was read."""
    seconds = range(round(from_s), min(round(to_s), len(busy)))
    known = [count for second in seconds if (count := busy[second]) is not None]
    if not known:
        return None
    return BusyThreads(
        mean=round(sum(known) / len(known), 1),
        max=max(known),
        no_answer_share=round(sum(stuck[second] for second in seconds) / len(known), 3),
    )
