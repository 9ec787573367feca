"""The plan of a run."""

import pytest

from experiment.phases import Phase
from experiment.plan import PHASES_S, QUICK_S, Closed, Plan, phases_lasting, staggered


def test_phases_end_one_after_the_other() -> None:
    """The phases end in order, the last one with the load."""
    plan = Plan(PHASES_S, Closed(100), 1)
    assert [plan.ends_s(phase) for phase in Phase] == [15, 55, 100]
    assert plan.duration_s == 100


def test_runs_of_a_series_heal_at_other_moments() -> None:
    """Each run of a series has its own seed, and its fault ends at its own moment within one hang; without one, not."""
    plan = Plan(PHASES_S, Closed(100), 7)
    runs = [staggered(plan, number, 3) for number in range(3)]
    assert [run.seed for run in runs] == [7, 8, 9]
    assert [run.phases_s[Phase.FAULT] for run in runs] == [40, 50, 60]
    assert staggered(Plan({Phase.FAULT: 30.0}, Closed(100), 1), 1, 3).phases_s == {Phase.FAULT: 30.0}


def test_omitted_phase_takes_no_time() -> None:
    """A plan with only a fault phase lasts as long as that phase."""
    plan = Plan({Phase.FAULT: 30.0}, Closed(100), 1)
    assert (plan.ends_s(Phase.FAULT), plan.duration_s) == (30, 30)


@pytest.mark.parametrize("duration_s", [5, QUICK_S])
def test_phases_keep_their_proportions(duration_s: float) -> None:
    """Phases have the same proportions in a run of any length."""
    phases_s = phases_lasting(duration_s)
    assert sum(phases_s.values()) == pytest.approx(duration_s)
    assert list(phases_s) == list(Phase)
    assert phases_s[Phase.FAULT] == pytest.approx(40 / 15 * phases_s[Phase.HEALTHY])
    assert phases_s[Phase.RECOVERY] == pytest.approx(3 * phases_s[Phase.HEALTHY])
