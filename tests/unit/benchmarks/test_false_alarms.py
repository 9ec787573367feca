"""The scenarios of false alarms, and how a trial is summed up."""

from dataclasses import replace

import pytest

from benchmarks.false_alarms import (
    BROKEN,
    RATE_PER_S,
    REJECTED,
    SCENARIOS,
    Fate,
    OurWholeGuard,
    Scenario,
    Trial,
)
from benchmarks.peers import DEADLINE_S, Circuitbreaker, Failure, Peer, PybreakerCalling


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_breaker_meets_the_same_calls(scenario: Scenario) -> None:
    """The calls of a scenario are drawn once and for all, at the rate that it says, and well until the fault begins."""
    fates = scenario.fates(20.0)
    assert fates == scenario.fates(20.0)
    assert len(fates) == pytest.approx(20 * RATE_PER_S, rel=0.15)
    assert all(fate.is_good for fate in fates if fate.at_s < scenario.begins_s)


def test_good_calls_are_in_time_and_without_fault() -> None:
    """A rejection in time is no fault of the dependency; an error, or an answer after the deadline, is one."""
    fates = [Fate(0.0), Fate(0.0, error=REJECTED), Fate(0.0, error=BROKEN), Fate(0.0, takes_s=DEADLINE_S)]
    assert [fate.is_good for fate in fates] == [True, True, False, False]


def test_trial_counts_what_was_refused() -> None:
    """Refusals that follow a call are one opening; good calls among them are good answers refused."""
    scenario = Scenario("three errors", lambda _rng, _number, fate: fate)
    fates = [Fate(0.01 * number, takes_s=0.0, error=BROKEN if number < 3 else None) for number in range(5)]
    trial = Trial(Circuitbreaker(), scenario, fates)
    for number in range(5):
        trial.call(number)

    result = trial.result()
    assert (result.opened, result.good_refused_share, result.first_open_s, result.sick_calls) == (1, 1.0, 0.03, 3)


def test_rejections_keep_other_breakers_closed() -> None:
    """When every third answer is a 404 and the others are errors, ours opens; breakers that a 404 resets do not."""
    (scenario,) = [scenario for scenario in SCENARIOS if "404" in scenario.name]
    fates = [replace(fate, takes_s=0.0) for fate in replace(scenario, begins_s=0.0).fates(1.0)]

    def calls_made(peer: Peer) -> int:
        trial = Trial(peer, scenario, fates)
        for number in range(len(fates)):  # one after the other, so that the results keep their order
            trial.call(number)
        return trial.result().sick_calls

    errors = sum(not fate.is_good for fate in fates)
    assert calls_made(OurWholeGuard()) == 3
    assert calls_made(PybreakerCalling()) == calls_made(Circuitbreaker()) == errors > 3


def test_ours_is_the_guard_of_the_gateway() -> None:
    """Our entry has the prober, so it recovers without the help of callers."""
    guard = OurWholeGuard()
    guard.trip()
    with pytest.raises(guard.refused):
        guard.call(lambda: None)
    assert not issubclass(Failure, guard.refused)
