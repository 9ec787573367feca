"""Slots that serve those first who come first."""

import threading
from collections import deque
from collections.abc import Callable
from heapq import heapify, heapreplace

from shopkit.faults.slots import Turn, service_s
from shopkit.faults.vocabulary import Capacity


class FirstCome:
    """With calls of a known length, the order of arrival decides all that follows, so nobody needs to be woken up."""

    def __init__(self, fault: Capacity, clock: Callable[[], float]) -> None:
        """`clock` returns monotonic seconds."""
        self._fault = fault
        self._clock = clock
        self._lock = threading.Lock()
        self._since = clock()
        self._free_at = [self._since] * fault.slots
        heapify(self._free_at)
        self._begins_at: deque[float] = deque()  # of the calls that wait, in order

    def take(self, left_s: float | None = None) -> Turn | None:
        """Join the queue with so much time left, if that matters; return None if the queue is full."""
        with self._lock:
            now = self._clock()
            if self._fault.queue is not None and self._waiting(now) >= self._fault.queue and self._free_at[0] > now:
                return None
            begins_at = max(now, self._free_at[0])
            self._begins_at.append(begins_at)
            if left_s is not None and begins_at - now >= left_s:
                return Turn(begins_at - now, is_worked_on=False)
            ends_at = begins_at + service_s(self._fault, begins_at - self._since)
            heapreplace(self._free_at, ends_at)
            return Turn(ends_at - now)

    def leave(self, turn: Turn) -> None:
        """Do nothing: the next call knows its turn already."""

    def waiting(self) -> int:
        """Return how many calls wait for a slot."""
        with self._lock:
            return self._waiting(self._clock())

    def _waiting(self, now: float) -> int:
        while self._begins_at and self._begins_at[0] <= now:
            self._begins_at.popleft()
        return len(self._begins_at)
