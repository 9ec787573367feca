"""The twin, against what can be worked out by hand."""

import math
from dataclasses import dataclass, replace
from random import Random
from statistics import fmean

import pytest

from api_gateway_v2.transitions import State
from explore.point import Point, Policy
from explore.traffic import HANG, Capacity, Fault, Traffic
from explore.twin import Story, simulate
from explore.twin.outcome import Outcome

SHORT = Point(reset_timeout_s=0.5)


@dataclass(frozen=True)
class Sometimes:
    """A share of the answers takes long, the others hardly any time."""

    share: float = 0.0
    long_s: float = 1.2
    usual_s: float = 0.001

    def draw_s(self, rng: Random) -> float:
        """Return the duration of one answer."""
        return self.long_s if rng.random() < self.share else self.usual_s

    def quantile_s(self, share: float) -> float:
        """Return a duration that this share of the answers does not exceed."""
        return self.usual_s if share <= 1 - self.share else self.long_s


def closed_for_s(outcome: Outcome) -> float:
    """Return how long the circuit was CLOSED before it tripped, on average."""
    closed_s, found = 0.0, []
    for one in outcome.transitions:
        if one.to_state is State.CLOSED:
            closed_s = one.at_s
        elif one.from_state is State.CLOSED:
            found.append(one.at_s - closed_s)
    return fmean(found)


def circuit(outcome: Outcome) -> list[tuple[float, State, str]]:
    """Return the changes of the circuit, without the time of day."""
    return [(one.at_s, one.to_state, one.reason) for one in outcome.transitions]


@pytest.mark.parametrize(
    ("share", "lasts_s"), [(0.3, 4_000.0), pytest.param(0.1, 50_000.0, marks=pytest.mark.slow)], ids=["30 %", "10 %"]
)
def test_failures_in_a_row_come_as_often_as_they_must(share: float, lasts_s: float) -> None:
    """With a share p of failures, three in a row take (1 - p^3) / ((1 - p) p^3) calls on average."""
    rate_per_s = 50.0
    calls = (1 - share**3) / ((1 - share) * share**3)
    outcome = simulate(SHORT, Traffic(rate_per_s, Sometimes(), error_share=share), Story.well(lasts_s), seed=1)
    assert closed_for_s(outcome) == pytest.approx(calls / rate_per_s, rel=0.05)


def test_long_tail_trips_as_often_as_poisson_says() -> None:
    """With `fail_max` 1, a slow call trips if no call ends in its first half second: that is exp(-rate / 2) of them."""
    share, rate_per_s = 0.1, 4.0
    per_s = rate_per_s * share * math.exp(-rate_per_s * SHORT.slow_call_s)
    outcome = simulate(replace(SHORT, fail_max=1), Traffic(rate_per_s, Sometimes(share)), Story.well(40_000.0), seed=1)
    assert closed_for_s(outcome) - SHORT.slow_call_s == pytest.approx(1 / per_s, rel=0.05)


def test_hang_opens_the_circuit_when_its_first_call_is_slow() -> None:
    """Nobody waits longer than that; then one probe after each cooldown, until one is answered."""
    outcome = simulate(Point(), Traffic(50.0, Sometimes()), Story.of(HANG, 10.0, 30.0, 20.0), seed=1)
    [tripped_s] = outcome.trips_s()
    assert 10.5 <= tripped_s <= 10.6
    closed_s = outcome.closed_s()
    assert closed_s == pytest.approx(tripped_s + 3 * 10 + 2 * 2, abs=0.01)  # two probes hang to their deadline
    assert outcome.probes == 3
    assert outcome.sick.full == 0
    assert len(outcome.sick_calls_s) < 40


def test_same_seed_makes_the_same_run_and_meets_every_point_with_the_same_calls() -> None:
    """So points are compared by what they do, not by their luck."""
    traffic = Traffic(20.0, Sometimes(0.05), error_share=0.1)
    first, again, patient, more_patient = (
        simulate(replace(SHORT, fail_max=fail_max), traffic, Story.well(300.0), seed=3) for fail_max in (3, 3, 30, 60)
    )
    assert circuit(first) == circuit(again)
    assert first.well == again.well
    assert first.trips_s()
    assert patient.well == more_patient.well
    assert patient.trips_s() == []


def test_pages_of_an_open_circuit_count_as_if_each_had_been_simulated() -> None:
    """They are only counted, by chance; with the times at which pages come, each is simulated."""
    traffic = Traffic(100.0, Sometimes(0.1), error_share=0.2, fault=Fault(hang_share=0.6, error_share=0.3))
    story, point = Story.of(traffic.fault, 100.0, 200.0, 100.0), replace(SHORT, fail_max=2)
    rng, arrivals_s = Random(5), [0.0]  # noqa: S311 - a simulation
    while arrivals_s[-1] < story.lasts_s:
        arrivals_s.append(arrivals_s[-1] + rng.expovariate(traffic.rate_per_s))
    counted, simulated = simulate(point, traffic, story, 1), simulate(point, traffic, story, 1, arrivals_s)
    assert simulated.well.pages + simulated.sick.pages == pytest.approx(len(arrivals_s), abs=20)  # some are under way
    for name in ("well", "sick"):
        some, each = getattr(counted, name), getattr(simulated, name)
        assert some.pages == pytest.approx(each.pages, rel=0.05)
        assert some.degraded == pytest.approx(each.degraded, rel=0.1)
        assert some.good_refused == pytest.approx(each.good_refused, rel=0.1)


def test_gateway_serves_as_many_pages_at_a_time_as_it_has_threads() -> None:
    """Of twice the pages that its threads can serve, half are still waiting at the end."""
    point = Point(threads=2, slow_call_s=1.0, max_concurrent=1000)
    outcome = simulate(point, Traffic(40.0, Sometimes(usual_s=0.1)), Story.well(60.0), seed=1)
    assert outcome.well.full == pytest.approx(2 / 0.1 * 60, rel=0.01)
    assert outcome.well.degraded == 0


@pytest.mark.parametrize(
    ("fault", "policy", "opens"),
    [
        (Fault(error_share=1.0), "consecutive-failures", True),
        (Fault(delay_s=1.0), "slow-call-rate", True),
        (Fault(delay_s=0.3), "slow-call-rate", False),
    ],
)
def test_fault_opens_a_circuit_whose_rules_see_it(fault: Fault, policy: Policy, opens: bool) -> None:
    """A story may end when the circuit has closed after it: then nobody comes any more."""
    begins_s, ends_s, rate_per_s = 10.0, 40.0, 20.0
    story = Story.of(fault, begins_s, ends_s - begins_s, 1000.0, until_closed=True)
    outcome = simulate(Point(trip_policy=policy), Traffic(rate_per_s, Sometimes()), story, seed=1)
    assert bool(outcome.trips_s(begins_s)) is opens
    well_s = begins_s + (outcome.closed_s(ends_s) or ends_s) - ends_s
    assert outcome.well.pages == pytest.approx(rate_per_s * well_s, rel=0.2)


@pytest.mark.parametrize(("max_concurrent", "trips"), [(10, False), (1000, True)])
def test_bulkhead_keeps_a_dependency_from_being_overloaded(max_concurrent: int, trips: bool) -> None:
    """At more than its capacity its queue grows until calls are late, unless the bulkhead refuses some of them."""
    traffic = Traffic(40.0, Sometimes(), capacity=Capacity(slots=2, service_s=0.1))
    outcome = simulate(Point(max_concurrent=max_concurrent), traffic, Story.well(60.0), seed=1)
    assert bool(outcome.trips_s()) is trips
    assert outcome.well.degraded_share > 0.4


def test_users_who_pause_ask_less_often_when_pages_are_late() -> None:
    """Closed users come back after their page, so a hang makes fewer pages of them."""
    traffic = Traffic(0.0, Sometimes(), users=10, pause_s=(1.0, 1.0))
    point = Point(fail_max=1000, slow_call_s=1.9)
    story = Story.of(HANG, 30.0, 30.0, 0.0)
    outcome = simulate(point, traffic, story, seed=1)
    assert outcome.well.pages == pytest.approx(300, abs=15)
    assert outcome.sick.pages < 120
