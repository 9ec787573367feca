"""One run in virtual time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from random import Random

import simpy

from api_gateway_v2.listeners import Listener
from api_gateway_v2.transitions import State, Transition
from explore.point import Point
from explore.traffic import Traffic
from explore.twin.dependency import Dependency
from explore.twin.guard import Guard
from explore.twin.outcome import Counts, Outcome
from explore.twin.refusals import Refusals
from explore.twin.story import Story

Then = Callable[[], None]


def simulate(
    point: Point, traffic: Traffic, story: Story, seed: int, arrivals_s: Iterable[float] | None = None
) -> Outcome:
    """Return what the guard with these settings makes of the traffic. The same arguments make the same run.

    With `arrivals_s`, in rising order, pages are asked for at these times and at no other.
    """
    return _Run(point, traffic, story, seed, arrivals_s).outcome()


class _Run(Listener):
    def __init__(
        self, point: Point, traffic: Traffic, story: Story, seed: int, arrivals_s: Iterable[float] | None
    ) -> None:
        self._env = simpy.Environment()
        self._traffic = traffic
        self._story = story
        self._chance, of_calls, of_circuit = (Random(f"{seed} {what}") for what in ("arrivals", "calls", "circuit"))  # noqa: S311 - a simulation
        self._dependency = Dependency(traffic, story, of_calls, lambda: self._env.now)
        self._guard = Guard(self._env, point, self._dependency, of_circuit)
        self._outcome = Outcome()
        self._gaps_s = self._random_gaps_s() if arrivals_s is None else (b - a for a, b in pairwise((0.0, *arrivals_s)))
        self._refusals = Refusals(traffic.rate_per_s, self._dependency, self._guard.patience_s, seed)
        self._skips = arrivals_s is None and traffic.users is None
        self._skipped_since_s: float | None = None
        self._free_threads = point.threads
        self._queue = deque[tuple[Counts, Then]]()
        self._ends_s = story.lasts_s
        self._guard.breaker.add_listener(self)

    def outcome(self) -> Outcome:
        """Let everybody come, until the story ends."""
        if self._story.until_closed:
            self._guard.at(self._story.healed_s, self._end_if_closed)
        if self._traffic.users is None:
            self._next_arrival()
        else:
            for _ in range(self._traffic.users):
                self._pause(self._chance.random())
        while self._env.peek() < self._ends_s:
            self._env.step()
        self._count_skipped(self._ends_s)
        found, guard = self._outcome, self._guard
        found.transitions, found.probes = guard.transitions, guard.probes
        found.sick_calls_s = self._dependency.sick_calls_s
        return found

    def on_transition(self, transition: Transition) -> None:
        """Let people come again when the circuit closes; or end the run, if that is what it waits for."""
        if transition.to_state is State.CLOSED:
            if self._skipped_since_s is not None:
                self._count_skipped(self._env.now)
                self._next_arrival()
            if self._story.until_closed and self._env.now >= self._story.healed_s:
                self._ends_s = self._env.now

    def _end_if_closed(self) -> None:
        if self._guard.breaker.state is State.CLOSED:
            self._ends_s = self._env.now

    def _next_arrival(self) -> None:
        gap_s = next(self._gaps_s, None)
        if gap_s is not None:
            self._guard.at(gap_s, self._arrive)

    def _random_gaps_s(self) -> Iterator[float]:
        while True:
            yield self._chance.expovariate(self._traffic.rate_per_s)

    def _arrive(self) -> None:
        """Serve a page. The pages that only CLOSED would admit are not simulated one by one, only counted."""
        if self._skips and self._guard.breaker.state is not State.CLOSED:
            self._skipped_since_s = self._env.now
        else:
            self._next_arrival()
        self._page(lambda: None)

    def _count_skipped(self, until_s: float) -> None:
        if self._skipped_since_s is not None:
            for begins_s, ends_s, episode in self._story.parts(self._skipped_since_s, until_s):
                self._refusals.count(ends_s - begins_s, episode, self._outcome.of(episode))
        self._skipped_since_s = None

    def _pause(self, share: float = 1.0) -> None:
        """Let a user come back after a pause, or after a share of one."""
        self._guard.at(share * self._chance.uniform(*self._traffic.pause_s), lambda: self._page(self._pause))

    def _page(self, then: Then) -> None:
        """Serve a page as soon as a thread of the gateway is free."""
        counts = self._outcome.of(self._story.episode_at(self._env.now))
        if self._free_threads:
            self._serve(counts, then)
        else:
            self._queue.append((counts, then))

    def _serve(self, counts: Counts, then: Then) -> None:
        fate = self._dependency.fate()
        is_good = fate.is_good(self._guard.patience_s)
        self._free_threads -= 1

        def done(whole: bool) -> None:
            counts.full += whole
            counts.degraded += not whole
            counts.good_refused += is_good and not whole
            self._free_threads += 1
            if self._queue:
                self._guard.at(0.0, self._serve_next)
            then()

        self._guard.start(fate, done)

    def _serve_next(self) -> None:
        if self._queue and self._free_threads:
            self._serve(*self._queue.popleft())
