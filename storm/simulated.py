"""The storm as a model of queues and clocks: what the real servers should do, if nothing else is at work.

It knows visitors, attempts, a timeout, and slots with a queue before them; no network, no threads, no processor.
"""

from collections.abc import Generator, Iterable

import simpy

from experiment.measure.summary import GOOD_WITHIN_S
from storm.plan import ATTEMPTS, SERVICE_S, SLOTS, TIMEOUT_S

Process = Generator[simpy.Event, object, None]
LAST_S = 10.0  # at the end of a run, in which it shows whether the shop is well again
WELL = 0.5  # of these pages whole: far from both, as the shop is either well or down


class Model:
    """An unprotected gateway and its dependency, which stands still between two moments."""

    def __init__(self, stall_from_s: float, stall_to_s: float) -> None:
        self.env = simpy.Environment()
        self._slots = simpy.Resource(self.env, SLOTS)
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
        begins_s, ends_s = self._stall
        if begins_s <= self.env.now < ends_s:
            yield self.env.timeout(ends_s - self.env.now)
        with self._slots.request() as slot:
            yield slot
            yield self.env.timeout(SERVICE_S)


def is_lethal(arrivals_s: Iterable[float], stall_from_s: float, stall_to_s: float) -> bool:
    """Return whether the shop is still down at the end of the arrivals."""
    arrivals = sorted(arrivals_s)
    last = {at_s for at_s in arrivals if at_s > arrivals[-1] - LAST_S}
    return len(last & Model(stall_from_s, stall_to_s).whole(arrivals)) < WELL * len(last)
