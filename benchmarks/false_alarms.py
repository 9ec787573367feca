"""What breakers do when little or nothing is wrong, and what that costs: the same calls to each, in real time.

Calls arrive at random, whether or not earlier ones have ended. Each call's fate is drawn beforehand, so every breaker
meets the same dependency.
"""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from api_gateway_v2.bulkhead import Bulkhead
from api_gateway_v2.listeners import Listener
from api_gateway_v2.overdue_limit import OverdueLimit
from api_gateway_v2.prober import Prober
from api_gateway_v2.transitions import State, Transition
from benchmarks.peers import (
    DEADLINE_S,
    SETTINGS,
    SLOW_CALL_S,
    Circuitbreaker,
    Interlock,
    OurGuard,
    Peer,
    Purgatory,
    PybreakerCalling,
)
from benchmarks.results import FalseAlarms
from shopkit.errors import BadAnswer, DeadlineExceeded, RequestRejected

RATE_PER_S = 46.0  # six users who do not pause, in the experiment's shop
USUAL_S = 0.005
WELL_S = 2.0  # before a fault begins
PRODUCTS = 52
THREADS = 128  # more than calls can be in flight: RATE_PER_S x DEADLINE_S
PLACES = 64  # and a limit of 10 overdue calls: the bulkhead of api-gateway-v2
MAX_OVERDUE = 10
SEED = 1
DEPENDENCY = "dependency"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a call comes to."""

    at_s: float  # when it is made
    takes_s: float = USUAL_S  # cut off at DEADLINE_S
    error: Exception | None = None

    @property
    def is_good(self) -> bool:
        """Return whether a caller gets an answer."""
        return self.takes_s < DEADLINE_S and not isinstance(self.error, BadAnswer)

    def happen(self) -> None:
        """Take as long, and raise what there is to raise."""
        time.sleep(min(self.takes_s, DEADLINE_S))
        if self.takes_s >= DEADLINE_S:
            raise DeadlineExceeded(DEPENDENCY, "is late")
        if self.error:
            raise self.error


Sickness = Callable[[random.Random, int, Fate], Fate]  # what a scenario makes of its healthy call with that number


@dataclass(frozen=True, slots=True)
class Scenario:
    """A dependency."""

    name: str
    sickness: Sickness
    begins_s: float = 0.0

    def fates(self, duration_s: float) -> list[Fate]:
        """Return all calls in their order."""
        rng = random.Random(f"{SEED} {self.name}")  # noqa: S311 - a simulation
        calls = enumerate(_healthy(rng, duration_s))
        return [self.sickness(rng, number, fate) if fate.at_s >= self.begins_s else fate for number, fate in calls]


def _healthy(rng: random.Random, duration_s: float) -> Iterator[Fate]:
    at_s = rng.expovariate(RATE_PER_S)
    while at_s < duration_s:
        yield Fate(at_s)
        at_s += rng.expovariate(RATE_PER_S)


def _sometimes(share: float, **changes: object) -> Sickness:
    return lambda rng, _number, fate: replace(fate, **changes) if rng.random() < share else fate  # type: ignore[arg-type]


def _sick_product(rng: random.Random, _number: int, fate: Fate) -> Fate:
    return replace(fate, takes_s=DEADLINE_S) if rng.randrange(PRODUCTS) == 0 else fate


def _flapping(_rng: random.Random, _number: int, fate: Fate) -> Fate:
    return replace(fate, error=BROKEN) if int(fate.at_s) % 2 == 0 else fate


def _rejections_between(_rng: random.Random, number: int, fate: Fate) -> Fate:
    return replace(fate, error=REJECTED if number % 3 == 0 else BROKEN)


BROKEN = BadAnswer(DEPENDENCY, "answered 500")
REJECTED = RequestRejected(404, "no such product")
SCENARIOS = (
    Scenario("long tail: 2 % take 1.2 s", _sometimes(0.02, takes_s=1.2)),
    Scenario("long tail: 5 % take 0.8 s", _sometimes(0.05, takes_s=0.8)),
    Scenario("10 % errors", _sometimes(0.1, error=BROKEN)),
    Scenario("50 % errors", _sometimes(0.5, error=BROKEN)),
    Scenario(f"one sick product of {PRODUCTS}", _sick_product),
    Scenario("errors only, and every third a 404", _rejections_between, begins_s=WELL_S),
    Scenario("flapping: 1 s broken, 1 s well", _flapping, begins_s=WELL_S),
    Scenario("90 % hang", _sometimes(0.9, takes_s=DEADLINE_S), begins_s=WELL_S),
    Scenario("total hang", _sometimes(1.0, takes_s=DEADLINE_S), begins_s=WELL_S),
)


class OurWholeGuard(OurGuard):
    """The guard as api-gateway-v2 has it: with its bulkhead and its prober."""

    name = "ours"
    policy = SETTINGS

    def __init__(self) -> None:
        super().__init__(settings=self.policy, bulkhead=Bulkhead(OverdueLimit(MAX_OVERDUE, SLOW_CALL_S), PLACES))
        self.breaker.add_listener(Prober(self.breaker, self.probe_call))


class OurFailureRate(OurWholeGuard):
    """The same with the policy `failure-rate`."""

    name = "ours, failure-rate"
    policy = replace(SETTINGS, failure_rate=0.5)


class OurSlowCallRate(OurWholeGuard):
    """The same with the policy `slow-call-rate`."""

    name = "ours, slow-call-rate"
    policy = replace(SETTINGS, failure_rate=0.5, slow_call_rate=0.5)


COMPARED: tuple[Callable[[], Peer], ...] = (
    OurWholeGuard,
    OurFailureRate,
    OurSlowCallRate,
    PybreakerCalling,
    Circuitbreaker,
    Interlock,
    Purgatory,
)


class Trial:
    """One breaker in one scenario."""

    def __init__(self, peer: Peer, scenario: Scenario, fates: list[Fate]) -> None:
        self.peer = peer
        self._scenario = scenario
        self._fates = fates
        self._reached: set[int] = set()  # calls that were made
        self._answered: set[int] = set()  # calls whose callers waited for the answer, or for the error
        self.opened_s: list[float] = []  # as the breaker itself says, where it does

    def call(self, number: int) -> None:
        """Make a call, or be refused."""
        fate = self._fates[number]

        def dependency() -> None:
            self._reached.add(number)
            fate.happen()

        with suppress(Exception):
            self.peer.call(dependency)
            self._answered.add(number)

    def result(self) -> FalseAlarms:
        """Sum up."""
        good = [number for number, fate in enumerate(self._fates) if fate.is_good and fate.error is None]
        opened_s = list(self.opened_s if isinstance(self.peer, OurWholeGuard) else self._refusals_begin())
        opened_s = [at_s for at_s in opened_s if at_s <= self._fates[-1].at_s]  # afterwards nobody calls
        after_s = [at_s - self._scenario.begins_s for at_s in opened_s]
        return FalseAlarms(
            scenario=self._scenario.name,
            peer=self.peer.name,
            opened=len(opened_s),
            good_refused_share=round(1 - len(self._answered.intersection(good)) / len(good), 4) if good else None,
            first_open_s=round(after_s[0], 2) if after_s else None,
            sick_calls=sum(not self._fates[number].is_good for number in self._reached),
        )

    def _refusals_begin(self) -> Iterator[float]:
        """Yield the moments of refusals that follow a call that was made."""
        was_refused = False
        for number, fate in enumerate(self._fates):
            is_refused = number not in self._reached
            if is_refused and not was_refused:
                yield fate.at_s
            was_refused = is_refused


class _Opened(Listener):
    """Notes when our circuit opens, on the clock of a trial."""

    def __init__(self, trial: Trial, now_s: Callable[[], float]) -> None:
        self._trial = trial
        self._now_s = now_s

    def on_transition(self, transition: Transition) -> None:
        """Note the moment."""
        if transition.to_state is State.OPEN:
            self._trial.opened_s.append(self._now_s())


def false_alarms(duration_s: float) -> list[FalseAlarms]:
    """Return what each breaker does in each scenario of `duration_s` seconds; all breakers run at the same time."""
    return [result for scenario in SCENARIOS for result in run_scenario(scenario, duration_s)]


def run_scenario(scenario: Scenario, duration_s: float) -> list[FalseAlarms]:
    """Return what each breaker does in one scenario."""
    fates = scenario.fates(duration_s)
    trials = [Trial(peer(), scenario, fates) for peer in COMPARED]
    with ThreadPoolExecutor(THREADS * len(trials)) as callers:
        began_s = time.monotonic()
        for trial in trials:
            if isinstance(trial.peer, OurWholeGuard):
                trial.peer.breaker.add_listener(_Opened(trial, lambda: time.monotonic() - began_s))
        for number, fate in enumerate(fates):
            time.sleep(max(0.0, began_s + fate.at_s - time.monotonic()))
            for trial in trials:
                callers.submit(partial(trial.call, number))
    return [trial.result() for trial in trials]
