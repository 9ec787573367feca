"""Slots that serve the newest call first while too many wait ("adaptive LIFO": Maurer, Fail at Scale, 2015)."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from shopkit.faults.slots import Turn, service_s
from shopkit.faults.vocabulary import Capacity


@dataclass(slots=True)
class _Waiting:
    """A call before its turn."""

    arrived_at: float
    left_s: float | None
    turn: Turn | None = None  # None: none yet, or refused
    called: threading.Event = field(default_factory=threading.Event)

    def call(self, turn: Turn | None) -> None:
        self.turn = turn
        self.called.set()


class NewestFirst:
    """Who is next is decided when a slot gets free, so a call waits until it is called."""

    def __init__(self, fault: Capacity, clock: Callable[[], float]) -> None:
        """`clock` returns monotonic seconds."""
        self._fault = fault
        self._beyond = fault.newest_first_beyond or 0
        self._clock = clock
        self._lock = threading.Lock()
        self._since = clock()
        self._free_since = [self._since] * fault.slots
        self._busy_until: list[float] = []
        self._waiting: deque[_Waiting] = deque()  # the oldest first

    def take(self, left_s: float | None = None) -> Turn | None:
        """Wait for a slot with so much time left, if that matters; return None if refused, as the queue is full."""
        call = _Waiting(self._clock(), left_s)
        with self._lock:
            self._waiting.append(call)
            self._fill_slots()
            if self._fault.queue is not None and len(self._waiting) > self._fault.queue:
                self._refuse()
        call.called.wait()
        return call.turn

    def leave(self, turn: Turn) -> None:
        """Give the slot to the next call. The time that it took to get here is not lost: the slot was free before."""
        if turn.is_worked_on:
            with self._lock:
                heappush(self._free_since, heappop(self._busy_until))
                self._fill_slots()

    def waiting(self) -> int:
        """Return how many calls wait for a slot."""
        with self._lock:
            return len(self._waiting)

    def _fill_slots(self) -> None:
        while self._free_since and self._waiting:
            newest_first = len(self._waiting) > self._beyond
            call = self._waiting.pop() if newest_first else self._waiting.popleft()
            call.call(self._turn_of(call))

    def _turn_of(self, call: _Waiting) -> Turn:
        begins_at = max(call.arrived_at, self._free_since[0])
        if call.left_s is not None and begins_at - call.arrived_at >= call.left_s:
            return Turn(0.0, is_worked_on=False)
        heappop(self._free_since)
        ends_at = begins_at + service_s(self._fault, begins_at - self._since)
        heappush(self._busy_until, ends_at)
        return Turn(max(0.0, ends_at - self._clock()))

    def _refuse(self) -> None:
        newest_first = len(self._waiting) > self._beyond
        (self._waiting.popleft() if newest_first else self._waiting.pop()).call(None)
