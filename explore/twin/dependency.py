"""The dependency of the twin: how long a call takes, and whether it fails."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol

from explore.traffic import Capacity, Latency, Traffic
from explore.twin.story import ENDLESS_S, Episode, Story
from shopkit.errors import BadAnswer, DependencyError, RequestRejected
from shopkit.faults import vocabulary
from shopkit.faults.first_come import FirstCome

NAME = "dependency"
MILLION = 1_000_000
BROKEN = BadAnswer(NAME, "answered 500")


class Calls(Protocol):
    """What a guard calls."""

    def probe_fate(self) -> "Fate":
        """Return what a probe that begins now comes to."""

    def made(self, fate: "Fate") -> float:
        """Note a call that is made; return how long it takes."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What a call comes to if it is made."""

    takes_s: float  # ENDLESS_S: it is not answered
    error: DependencyError | RequestRejected | None
    is_sick: bool  # it meets an episode

    def is_good(self, deadline_s: float) -> bool:
        """Return whether its caller gets an answer."""
        return self.error is None and self.takes_s < deadline_s


class Dependency:
    """Draws the fates of calls: the same for every setting, as long as all of them are made."""

    def __init__(self, traffic: Traffic, story: Story, rng: Random, clock: Callable[[], float]) -> None:
        """`clock` returns the seconds of the simulation."""
        self._traffic = traffic
        self._story = story
        self._rng = rng
        self._clock = clock
        self._slots = _slots(traffic.capacity, clock)
        self.sick_calls_s: list[float] = []  # when each of them was made

    def fate(self) -> Fate:
        """Draw what a call that begins now would come to, without making it."""
        rng, episode = self._rng, self._story.episode_at(self._clock())
        takes_s, hangs, breaks = self._traffic.latency.draw_s(rng), rng.random(), rng.random()
        if episode is None:
            return Fate(takes_s, BROKEN if breaks < self._traffic.error_share else None, is_sick=False)
        if hangs < episode.fault.hang_share:
            return Fate(ENDLESS_S, None, is_sick=True)
        fails = breaks < _either(episode.fault.error_share, self._traffic.error_share)
        return Fate(takes_s + episode.fault.delay_s, BROKEN if fails else None, is_sick=True)

    def good_share(self, episode: Episode | None, within_s: float) -> float:
        """Return the share of calls that would have a good answer in this time, none of them waiting for a slot."""
        traffic = self._traffic
        if episode is None:
            return _share_within(traffic.latency, within_s) * (1 - traffic.error_share)
        fault = episode.fault
        answered = (1 - fault.hang_share) * (1 - _either(fault.error_share, traffic.error_share))
        return answered * _share_within(traffic.latency, within_s - fault.delay_s)

    def probe_fate(self) -> Fate:
        """Draw what a probe that begins now comes to."""
        return self.fate()

    def made(self, fate: Fate) -> float:
        """Note a call that is made; return how long it takes, with its wait for a slot."""
        if fate.is_sick:
            self.sick_calls_s.append(self._clock())
        if self._slots is None or fate.takes_s == ENDLESS_S:
            return fate.takes_s
        turn = self._slots.take()
        return ENDLESS_S if turn is None else turn.ends_in_s + fate.takes_s


def _either(share: float, other: float) -> float:
    """Return the share of what one or the other hits, if chance decides about both."""
    return 1 - (1 - share) * (1 - other)


def _share_within(latency: Latency, duration_s: float) -> float:
    """Return the share of answers that take no longer, to one in a million."""
    return bisect_right(range(1, MILLION), duration_s, key=lambda part: latency.quantile_s(part / MILLION)) / MILLION


def _slots(capacity: Capacity | None, clock: Callable[[], float]) -> FirstCome | None:
    """Return the slots of the fault `capacity`, which are the shop's own."""
    if capacity is None:
        return None
    return FirstCome(vocabulary.Capacity(slots=capacity.slots, service_s=capacity.service_s), clock)
