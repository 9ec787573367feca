"""How much counters grew, when: what is needed to speak of the last seconds. Kept for a little over a minute."""

from collections.abc import Sequence
from dataclasses import dataclass

KEPT_S = 65.0

Counts = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Growth:
    start: float
    end: float
    by: Counts


class Increases:
    """The growth of a row of counters between one look and the next. Times in seconds, on any one clock.

    One thread may take while others ask: each question is answered from the growths as they were when it came.
    """

    def __init__(self) -> None:
        self._last: tuple[float, Counts] | None = None
        self._growths: tuple[_Growth, ...] = ()  # replaced, never changed

    def take(self, at: float, counts: Counts) -> None:
        """Note where the counters stand; one that went down began again at zero, with its process."""
        if self._last is not None:
            then, before = self._last
            restarted = any(new < old for new, old in zip(counts, before, strict=True))
            by = counts if restarted else tuple(new - old for new, old in zip(counts, before, strict=True))
            kept = (growth for growth in self._growths if growth.end >= at - KEPT_S)
            self._growths = (*kept, _Growth(then, at, by))
        self._last = (at, counts)

    def between(self, start: float, end: float) -> Counts | None:
        """Return the growth in that time, growth between two looks being spread evenly; None when none is known."""
        shares = [(growth, _overlap(growth, start, end)) for growth in self._growths]
        parts = [[share * count for count in growth.by] for growth, share in shares if share > 0]
        return tuple(map(sum, zip(*parts, strict=True))) if parts else None

    def known_s(self, start: float, end: float) -> float:
        """Return how much of that time was between two looks."""
        return sum(max(0.0, min(growth.end, end) - max(growth.start, start)) for growth in self._growths)

    def longest_s(self, start: float, end: float) -> float:
        """Return the longest time between two looks that falls, in part, into that time."""
        lengths = [growth.end - growth.start for growth in self._growths if _overlap(growth, start, end) > 0]
        return max(lengths, default=0.0)


def per_second(counts: Sequence[float], known_s: float) -> float | None:
    """Return the rate of what the counts sum up to; None when too little time is known to speak of one."""
    return sum(counts) / known_s if known_s >= 1 else None


def _overlap(growth: _Growth, start: float, end: float) -> float:
    """Return the share, 0 to 1, of `growth` that falls between start and end."""
    length = growth.end - growth.start
    return max(0.0, min(growth.end, end) - max(growth.start, start)) / length if length > 0 else 0.0
