"""A limit that fits itself to the dependency: only calls that take longer than usual count towards it.

A fixed number of places must be chosen for the busiest healthy moment, and then lets as many calls hang. Here any
number of calls may be in flight while they are answered in the usual time. When the dependency hangs, calls become
overdue within a few times that, and the limit holds.

What is usual is a long average of the durations of successful calls, as in the Gradient2 limit of Netflix's
concurrency-limits (https://github.com/Netflix/concurrency-limits): there, too, a long average is the latency without
queueing, and a dependency that becomes slower gets fewer calls at the same time.
"""

from collections.abc import Collection
from itertools import takewhile

from api_gateway_v2.permits import Permit

AVERAGED_CALLS = 600  # as in Gradient2
OVERDUE_FACTOR = 3  # times the average
LEAST_S = 0.02  # below it, a pause of the machine looks like a hang
UNKNOWN_S = 0.1  # before the first success


class OverdueLimit:
    """Calls in flight count from the age at which they are overdue. Not thread-safe: the bulkhead's lock guards it."""

    def __init__(self, max_overdue: int, slow_call_s: float) -> None:
        """Whatever is usual, a call that has taken `slow_call_s` seconds is overdue."""
        self.max_concurrent = max_overdue
        self._slow_call_s = slow_call_s
        self.overdue_after_s = min(UNKNOWN_S, slow_call_s)
        self._average_s = 0.0
        self._averaged = 0

    def taken(self, in_flight: Collection[Permit], now_s: float) -> int:
        """Return the number of overdue calls; those in flight are in order of admission."""
        return sum(1 for _ in takewhile(lambda permit: now_s - permit.admitted_at_s >= self.overdue_after_s, in_flight))

    def on_success(self, duration_s: float) -> None:
        """Take the duration into the average: of all calls at first, then weighted towards the last AVERAGED_CALLS."""
        self._averaged = min(self._averaged + 1, AVERAGED_CALLS)
        self._average_s += (duration_s - self._average_s) / self._averaged
        self.overdue_after_s = min(max(LEAST_S, OVERDUE_FACTOR * self._average_s), self._slow_call_s)
