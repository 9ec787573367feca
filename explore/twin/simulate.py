"""One run in virtual time."""

from collections.abc import Callable
from random import Random

import simpy

from explore.point import Point
from explore.traffic import Traffic
from explore.twin.dependency import Dependency
from explore.twin.guard import Guard
from explore.twin.outcome import Outcome
from explore.twin.story import Story


def simulate(point: Point, traffic: Traffic, story: Story, seed: int) -> Outcome:
    """Return what the guard with these settings makes of the traffic. The same arguments make the same run."""
    return _Run(point, traffic, story, seed).outcome()


class _Run:
    def __init__(self, point: Point, traffic: Traffic, story: Story, seed: int) -> None:
        self._env = simpy.Environment()
        self._traffic = traffic
        self._story = story
        self._arrivals, of_calls, of_circuit = (Random(f"{seed} {what}") for what in ("arrivals", "calls", "circuit"))  # noqa: S311 - a simulation
        self._dependency = Dependency(traffic, story, of_calls, lambda: self._env.now)
        self._guard = Guard(self._env, point, self._dependency, of_circuit)
        self._outcome = Outcome(story.lasts_s)

    def outcome(self) -> Outcome:
        """Let everybody come, and the last page be answered."""
        if self._traffic.users is None:
            self._next_arrival()
        else:
            for _ in range(self._traffic.users):
                self._pause(self._arrivals.random())
        while self._env.peek() < self._story.lasts_s:
            self._env.step()
        found, guard = self._outcome, self._guard
        found.transitions, found.probes = guard.transitions, guard.probes
        found.sick_calls_s = self._dependency.sick_calls_s
        return found

    def _next_arrival(self) -> None:
        self._guard.at(self._arrivals.expovariate(self._traffic.rate_per_s), self._arrive)

    def _arrive(self) -> None:
        self._next_arrival()
        self._page(lambda: None)

    def _pause(self, share: float = 1.0) -> None:
        """Let a user come back after a pause, or after a share of one."""
        self._guard.at(share * self._arrivals.uniform(*self._traffic.pause_s), lambda: self._page(self._pause))

    def _page(self, then: Callable[[], None]) -> None:
        fate = self._dependency.fate()
        counts = self._outcome.sick if self._story.episode_at(self._env.now) else self._outcome.well
        is_good = fate.is_good(self._guard.patience_s)

        def done(whole: bool) -> None:
            counts.full += whole
            counts.degraded += not whole
            counts.good_refused += is_good and not whole
            then()

        self._guard.start(fate, done)
