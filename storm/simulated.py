"""The storm as a model of queues and clocks: what the real servers should do, if nothing else is at work.

It knows visitors, attempts, a timeout, and slots with a queue before them; no network, no threads, no processor.
"""

from collections.abc import Collection, Generator, Iterable

import simpy

from benchmarks.under_test.pages import Series
from experiment.measure.summary import GOOD_WITHIN_S
from storm.plan import ATTEMPTS, SERVICE_S, SLOTS, TIMEOUT_S
from storm.sample import recovered_after_s

Process = Generator[simpy.Event, object, None]


class Model:
    """An unprotected gateway and its dependency, which stands still between two moments."""

    def __init__(self, stall_from_s: float, stall_to_s: float, slots: int = SLOTS) -> None:
        self.env = simpy.Environment()
        self._slots = simpy.Resource(self.env, slots)
        self._stall = stall_from_s, stall_to_s
        self._whole: list[float] = []  # when the pages were asked for that were whole

    def whole(self, arrivals_s: Iterable[float]) -> set[float]:
        """Return those of the arrivals whose pages are whole."""
        for at_s in arrivals_s:
            self.env.process(self._page(at_s))
        self.env.run()
        return set(self._whole)

    def _page(self, at_s: float) -> Process:
        yield self.env.timeout(at_s)
        for _ in range(ATTEMPTS):
            call = self.env.process(self._call())
            yield call | self.env.timeout(TIMEOUT_S)
            if not call.is_alive:
                if self.env.now - at_s <= GOOD_WITHIN_S:
                    self._whole.append(at_s)
                return

    def _call(self) -> Process:
        yield from self._stalled()  # it is read after the stall
        with self._slots.request() as slot:
            yield slot
            yield self.env.timeout(SERVICE_S)
        yield from self._stalled()  # it is answered after the stall

    def _stalled(self) -> Process:
        begins_s, ends_s = self._stall
        if begins_s <= self.env.now < ends_s:
            yield self.env.timeout(ends_s - self.env.now)


def is_lethal(arrivals_s: Collection[float], stall_from_s: float, stall_to_s: float, slots: int = SLOTS) -> bool:
    """Return whether the shop is still down at the end of the arrivals, by the same measure as the real one."""
    whole = Model(stall_from_s, stall_to_s, slots).whole(arrivals_s)
    ends_s = max(arrivals_s)
    asked, found = _per_second(arrivals_s, ends_s), _per_second(whole, ends_s)
    nothing = [0] * len(asked)
    series = Series(asked=asked, with_recommendations=found, without=nothing, late=nothing)
    return recovered_after_s(series, stall_to_s) is None


def _per_second(times_s: Iterable[float], ends_s: float) -> list[int]:
    counts = [0] * (int(ends_s) + 1)
    for time_s in times_s:
        counts[max(0, int(time_s))] += 1
    return counts
