"""Which points are best, and how sure that is."""

from dataclasses import replace

import pytest
from scipy.stats import chi2

from explore.frontier import frontier
from explore.headline import alarms, often
from explore.measures import DAY_S, Measures, most_per_day
from explore.point import Point
from explore.space import DIMENSIONS, point_at, saltelli
from support.explorations import an_exploration

SOME = Measures(
    false_alarms_per_day=10.0,
    false_alarms=1,
    well_s=8640.0,
    good_refused_share=0.1,
    protect_s=0.5,
    recover_s=5.0,
    sick_calls_per_s=1.0,
    degraded_share=1.0,
    spread=0.1,
)


def test_frontier_has_what_no_other_point_beats() -> None:
    """A point that is worse in one thing and better in none is out, one that never protects is the worst in that."""
    faster = replace(SOME, protect_s=0.1, false_alarms_per_day=20.0)
    worse = replace(SOME, recover_s=6.0)
    never = replace(SOME, protect_s=None)
    assert frontier([SOME, faster, worse, never, SOME]) == [0, 1]


@pytest.mark.parametrize("alarms_seen", [0, 1, 5, 40])
def test_upper_bound_of_false_alarms_is_that_of_a_poisson_count(alarms_seen: int) -> None:
    """It is the exact one, within a hundredth."""
    exact = chi2.ppf(0.95, 2 * (alarms_seen + 1)) / 2
    assert most_per_day(alarms_seen, DAY_S) == pytest.approx(exact, rel=0.01)


def test_points_use_only_what_their_policy_uses() -> None:
    """What a policy ignores has its usual value, so two points do not differ by nothing."""
    a, _, _ = saltelli(16, seed=1)
    for shares in a:
        point = point_at(shares, Point())
        if point.trip_policy == "consecutive-failures":
            assert (point.failure_rate, point.window_calls) == (Point().failure_rate, Point().window_calls)
        assert point.minimum_calls <= point.window_calls
        assert 0 < point.slow_call_s <= point.deadline_s


def test_mixed_design_differs_from_the_first_in_one_dimension() -> None:
    """As Sobol' indices need it."""
    a, b, mixed = saltelli(4, seed=1)
    for column in range(len(DIMENSIONS)):
        changed = (mixed[column] != a).any(axis=0)
        assert changed.nonzero()[0].tolist() == [column]
        assert (mixed[column][:, column] == b[:, column]).all()


@pytest.mark.parametrize(
    ("per_day", "said"), [(0.5, "0.5 times a day"), (72.0, "3 times an hour"), (2880.0, "2 times a minute")]
)
def test_rates_are_said_in_the_unit_that_fits(per_day: float, said: str) -> None:
    """The largest number of times is not that of a day, where an hour says it better."""
    assert often(per_day) == said


def test_no_false_alarm_is_said_with_its_bound() -> None:
    """None in a short time does not mean none at all."""
    does = an_exploration().defaults.does.model_copy(update={"false_alarms": 0, "well_s": 1800.0})
    does.false_alarms_per_day_most = most_per_day(0, 1800.0)
    assert "none in 30 simulated minutes; at most 5.99 times an hour, at 95 %" in alarms(does)
