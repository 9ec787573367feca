"""The window of recent calls that a rate is taken of: the last so many, or those of the last so many seconds."""

from collections import deque
from typing import Protocol

BUCKETS = 10  # of a TimeWindow, as in Hystrix: its length is right to a tenth


class Window(Protocol):
    """Counts recent calls, and those of them that were bad. Not thread-safe."""

    def add(self, now_s: float, *, bad: bool) -> None:
        """Count a call that has ended."""

    def counts(self, now_s: float) -> tuple[int, int]:
        """Return how many calls the window covers, and how many of them were bad."""

    def clear(self) -> None:
        """Forget all calls."""


class CountWindow:
    """The last `calls` calls."""

    def __init__(self, calls: int) -> None:
        self._calls: deque[bool] = deque(maxlen=calls)
        self._bad = 0

    def add(self, now_s: float, *, bad: bool) -> None:  # noqa: ARG002 - Window's signature
        """Count a call; the oldest one drops out of a full window."""
        if len(self._calls) == self._calls.maxlen:
            self._bad -= self._calls[0]
        self._calls.append(bad)
        self._bad += bad

    def counts(self, now_s: float) -> tuple[int, int]:  # noqa: ARG002 - Window's signature
        """Return how many calls the window covers, and how many of them were bad."""
        return len(self._calls), self._bad

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()
        self._bad = 0


class TimeWindow:
    """The calls of the last `seconds` seconds. It keeps BUCKETS pairs of numbers, however many calls there are."""

    def __init__(self, seconds: float) -> None:
        self._bucket_s = seconds / BUCKETS
        self._buckets: deque[list[int]] = deque()  # [number of the bucket, calls, bad calls]

    def add(self, now_s: float, *, bad: bool) -> None:
        """Count a call in the newest bucket."""
        number = int(now_s / self._bucket_s)
        if not self._buckets or self._buckets[-1][0] != number:
            self._buckets.append([number, 0, 0])
            self._drop_old(number)
        self._buckets[-1][1] += 1
        self._buckets[-1][2] += bad

    def counts(self, now_s: float) -> tuple[int, int]:
        """Return how many calls the window covers, and how many of them were bad."""
        self._drop_old(int(now_s / self._bucket_s))
        return sum(bucket[1] for bucket in self._buckets), sum(bucket[2] for bucket in self._buckets)

    def clear(self) -> None:
        """Forget all calls."""
        self._buckets.clear()

    def _drop_old(self, newest: int) -> None:
        while self._buckets and self._buckets[0][0] <= newest - BUCKETS:
            self._buckets.popleft()
