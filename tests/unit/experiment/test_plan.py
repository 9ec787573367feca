"""What a run is asked to be."""

import pytest

from experiment.phases import Phase
from experiment.plan import PHASES_S, QUICK_S, Closed, Plan, phases_lasting


def test_phases_end_one_after_the_other() -> None:
    """The last one ends when the load does."""
    plan = Plan(PHASES_S, Closed(100), 1)
    assert [plan.ends_s(phase) for phase in Phase] == [15, 75, 120]
    assert plan.duration_s == 120


def test_phase_that_is_left_out_takes_no_time() -> None:
    """The classic run is the fault alone."""
    plan = Plan({Phase.FAULT: 30.0}, Closed(100), 1)
    assert (plan.ends_s(Phase.FAULT), plan.duration_s) == (30, 30)


@pytest.mark.parametrize("duration_s", [5, QUICK_S, 120, 3600])
def test_phases_keep_their_proportions(duration_s: float) -> None:
    """However long the run: the same story."""
    phases_s = phases_lasting(duration_s)
    assert sum(phases_s.values()) == pytest.approx(duration_s)
    assert list(phases_s) == list(Phase)
    assert phases_s[Phase.FAULT] == pytest.approx(4 * phases_s[Phase.HEALTHY])
    assert phases_s[Phase.RECOVERY] == pytest.approx(3 * phases_s[Phase.HEALTHY])
