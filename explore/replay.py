"""What a point had done with the calls of a log: replayed call by call, each as it was recorded.

A log cannot know what a probe would have met. So each replay is made twice: a probe meets the better, or the worse, of
the two recorded calls around it. Nor can it know what had become of the dependency with fewer calls.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import simpy

from explore.call_log import CallLog, CallOutcome
from explore.point import Point
from explore.twin.dependency import BROKEN, NAME, Fate
from explore.twin.guard import Guard
from shopkit.errors import RequestRejected

MOST_CALLS = 100_000  # of a log, its first ones: two replays of them take two seconds
REJECTED = RequestRejected(404, f"{NAME} rejected the request")

Bounds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A replay. Each number lies between its bounds, which differ by what the probes met."""

    calls: int
    trips: Bounds
    good_refused: Bounds  # calls that had succeeded in time
    bad_spared: Bounds  # calls that had failed or been late, and had not been made


def replayed(point: Point, log: CallLog) -> Replayed:
    """Return what the guard had done with the calls."""
    kind, unkind = (_Replay(point, log, choose).run() for choose in (min, max))
    bounds = [(min(pair), max(pair)) for pair in zip(kind, unkind, strict=True)]
    return Replayed(len(log.starts_s), *bounds)


class _Replay:
    """One replay, and the dependency that answers as it did then."""

    def __init__(self, point: Point, log: CallLog, choose: Callable[..., Fate]) -> None:
        """`choose` takes the better or the worse of two fates."""
        self._env = simpy.Environment()
        self._guard = Guard(self._env, point, self, Random(0))  # noqa: S311 - a simulation
        self._starts_s = log.starts_s.tolist()
        self._fates = list(map(_fate, log.durations_s.tolist(), log.outcomes.tolist()))
        self._choose = choose
        self._good_refused = 0
        self._bad_made = 0

    def run(self) -> tuple[int, int, int]:
        """Return the trips, the good calls that were refused, and the bad ones that were not made."""
        self._start(0)
        self._env.run(until=self._starts_s[-1] + self._guard.point.deadline_s)
        trips = sum(one.from_state == "CLOSED" for one in self._guard.transitions)
        bad = sum(not self._is_good(fate) for fate in self._fates)
        return trips, self._good_refused, bad - self._bad_made

    def probe_fate(self) -> Fate:
        """Return what a probe meets now."""
        after = bisect_left(self._starts_s, self._env.now)
        around = self._fates[max(0, after - 1) : after + 1]
        return self._choose(around, key=lambda fate: (not self._is_good(fate), fate.takes_s))

    def made(self, fate: Fate) -> float:
        """Note a call that is made; return how long it takes."""
        self._bad_made += not self._is_good(fate)
        return fate.takes_s

    def _start(self, number: int) -> None:
        """Make a call as it was made then, and let the next one follow."""
        following, fate = number + 1, self._fates[number]
        if following < len(self._starts_s):
            self._guard.at(self._starts_s[following] - self._env.now, lambda: self._start(following))
        self._guard.start(fate, lambda whole: self._done(fate, whole=whole))

    def _done(self, fate: Fate, *, whole: bool) -> None:
        self._good_refused += self._is_good(fate) and not whole

    def _is_good(self, fate: Fate) -> bool:
        return fate.is_good(self._guard.patience_s)


def _fate(takes_s: float, outcome: int) -> Fate:
    error = {CallOutcome.SUCCESS: None, CallOutcome.FAILED: BROKEN, CallOutcome.REJECTED: REJECTED}[
        CallOutcome(outcome)
    ]
    return Fate(takes_s, error, is_sick=False)
