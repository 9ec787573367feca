"""The bulkhead: the calls in flight to one dependency, and the limit on them."""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from api_gateway_v2.permits import Permit

Call = TypeVar("Call")


class Limit(Protocol):
    """Says which calls in flight count, and how many of them there may be.

    Not thread-safe: the bulkhead's lock guards it.
    """

    max_concurrent: int  # calls that count towards the limit, at most

    @property
    def overdue_after_s(self) -> float | None:
        """Return the age from which a call in flight counts, None if every one does."""

    def taken(self, in_flight: Collection[Permit], now_s: float) -> int:
        """Return how many calls in flight, which are in order of admission, count towards the limit."""

    def on_success(self, duration_s: float) -> None:
        """Note how long a successful call has taken."""


class FixedLimit:
    """Every call in flight counts."""

    overdue_after_s = None

    def __init__(self, max_concurrent: int) -> None:
        self.max_concurrent = max_concurrent

    def taken(self, in_flight: Collection[Permit], now_s: float) -> int:  # noqa: ARG002 - Limit's signature
        """Return the number of calls in flight."""
        return len(in_flight)

    def on_success(self, duration_s: float) -> None:
        """Learn nothing."""


@dataclass(frozen=True, slots=True)
class BulkheadSnapshot:
    """A copy of a bulkhead at one moment."""

    in_flight: int
    taken: int  # calls in flight that count towards the limit
    max_concurrent: int  # `taken` at most
    overdue_after_s: float | None
    refused: int  # calls, since start


class Bulkhead(Generic[Call]):
    """The calls in flight to one dependency. Safe to share between threads."""

    def __init__(self, limit: Limit, places: int) -> None:
        """There are never more than `places` calls in flight, whatever the limit says."""
        self.places = places
        self._limit = limit
        self._lock = threading.Lock()
        self._in_flight: dict[Permit, Call] = {}
        self._refused = 0

    def enter(self, permit: Permit, call: Call) -> bool:
        """Let a call in; return False when the bulkhead is full."""
        with self._lock:
            if self._has_room(permit.admitted_at_s):
                self._in_flight[permit] = call
                return True
            self._refused += 1
            return False

    def refuse(self) -> None:
        """Count a call that cannot be made for want of a thread."""
        with self._lock:
            self._refused += 1

    def leave(self, permit: Permit, success_s: float | None) -> None:
        """Let a call out; `success_s` is the duration of a successful one."""
        with self._lock:
            del self._in_flight[permit]
            if success_s is not None:
                self._limit.on_success(success_s)

    def calls(self) -> list[tuple[Permit, Call]]:
        """Return the calls in flight."""
        with self._lock:
            return list(self._in_flight.items())

    def snapshot(self, now_s: float) -> BulkheadSnapshot:
        """Return a copy of the state; `now_s` is the time on the breaker's clock."""
        with self._lock:
            return BulkheadSnapshot(
                in_flight=len(self._in_flight),
                taken=self._limit.taken(self._in_flight, now_s),
                max_concurrent=self._limit.max_concurrent,
                overdue_after_s=self._limit.overdue_after_s,
                refused=self._refused,
            )

    def _has_room(self, now_s: float) -> bool:
        """Return whether another call may enter. Callers hold the lock."""
        calls, limit = len(self._in_flight), self._limit.max_concurrent
        return calls < self.places and (calls < limit or self._limit.taken(self._in_flight, now_s) < limit)
