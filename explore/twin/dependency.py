"""The dependency of the twin: how long a call takes, and whether it fails."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol

from explore.traffic import Capacity, Traffic
from explore.twin.story import ENDLESS_S, Story
from shopkit.errors import BadAnswer, DependencyError, RequestRejected
from shopkit.faults import vocabulary
from shopkit.faults.first_come import FirstCome

NAME = "dependency"
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
        if hangs < episode.hang_share:
            return Fate(ENDLESS_S, None, is_sick=True)
        fails = breaks < max(episode.error_share, self._traffic.error_share)
        return Fate(takes_s + episode.delay_s, BROKEN if fails else None, is_sick=True)

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


def _slots(capacity: Capacity | None, clock: Callable[[], float]) -> FirstCome | None:
    """Return the slots of the fault `capacity`, which are the shop's own."""
    if capacity is None:
        return None
    return FirstCome(vocabulary.Capacity(slots=capacity.slots, service_s=capacity.service_s), clock)
