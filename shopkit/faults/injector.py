"""The current fault of a service, and which calls it hits."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from shopkit.faults.first_come import FirstCome
from shopkit.faults.newest_first import NewestFirst
from shopkit.faults.slots import Slots
from shopkit.faults.vocabulary import Capacity, EveryNth, Fault, Flapping


@dataclass(slots=True)
class Injected:
    """A fault since its injection."""

    fault: Fault
    since: float  # on the injector's clock
    slots: Slots | None  # of a Capacity
    calls: int = 0  # that it could have hit
    hits: int = 0

    def has_healed(self, now: float) -> bool:
        """Return whether the fault has come to its own end."""
        for_s, for_calls = self.fault.for_s, self.fault.for_calls
        return (for_s is not None and now - self.since >= for_s) or (for_calls is not None and self.hits >= for_calls)

    def is_due(self, now: float) -> bool:
        """Return whether the pattern of the fault hits the call that was counted last."""
        match self.fault:
            case Flapping(broken_s=broken_s, well_s=well_s):
                return (now - self.since) % (broken_s + well_s) < broken_s
            case EveryNth(n=n):
                return self.calls % n == 0
        return True


@dataclass(slots=True)
class FaultInjector:
    """Holds the current fault. Safe to share between threads."""

    clock: Callable[[], float] = time.monotonic
    rng: Callable[[], float] = random.random
    _injected: Injected | None = None
    _queues: list[Slots] = field(default_factory=list)  # of faults that were removed: their calls still wait
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def fault(self) -> Fault | None:
        """Return the current fault, or None."""
        with self._lock:
            found = self._current()
            return found.fault if found else None

    def inject(self, fault: Fault | None) -> None:
        """Replace the fault; None heals. Calls that a fault has hit stay hit, as in a real incident."""
        with self._lock:
            now = self.clock()
            self._remove()
            self._injected = Injected(fault, now, _slots_of(fault, self.clock)) if fault else None

    def hit(self, product_id: int | None) -> Injected | None:
        """Return the fault if it hits a call for this product; None is a call for no product in particular."""
        with self._lock:
            found = self._current()
            if found is None or found.fault.product_id not in (None, product_id):
                return None
            found.calls += 1
            if not found.is_due(self.clock()) or self.rng() >= found.fault.rate:
                return None
            found.hits += 1
            return found

    def waiting(self) -> int:
        """Return how many calls wait for a slot."""
        with self._lock:
            self._queues = [slots for slots in self._queues if slots.waiting()]
            current = self._injected.slots if self._injected else None
            return sum(slots.waiting() for slots in self._queues) + (current.waiting() if current else 0)

    def _current(self) -> Injected | None:
        """Drop a fault that has healed itself. Callers hold the lock."""
        if self._injected and self._injected.has_healed(self.clock()):
            self._remove()
        return self._injected

    def _remove(self) -> None:
        """Take the fault out, and keep the queue in which its calls wait. Callers hold the lock."""
        if self._injected and self._injected.slots:
            self._queues.append(self._injected.slots)
        self._injected = None


def _slots_of(fault: Fault, clock: Callable[[], float]) -> Slots | None:
    if not isinstance(fault, Capacity):
        return None
    return FirstCome(fault, clock) if fault.newest_first_beyond is None else NewestFirst(fault, clock)
