"""The load up and down again."""

from benchmarks.under_test.pages import Series
from storm.hysteresis import goodput_of
from storm.plan import StormPlan
from storm.table import loop_table
from support.storms import a_loop


def test_load_goes_up_and_the_same_way_down() -> None:
    """In equal steps, the highest once; all grow with the scale."""
    assert StormPlan().steps_per_s == [4, 8, 12, 16, 20, 24, 20, 16, 12, 8, 4]
    assert StormPlan(scale=3).steps_per_s == [3 * rate for rate in StormPlan().steps_per_s]


def test_each_step_has_its_own_goodput() -> None:
    """Of the pages asked for while it lasts."""
    steps, step_s = 11, 3
    asked = [6] * steps * step_s
    whole = [second // step_s % 7 for second in range(steps * step_s)]
    nothing = [0] * len(asked)
    series = Series(asked=asked, with_recommendations=whole, without=nothing, late=nothing)
    found = goodput_of(series, StormPlan(step_s=float(step_s)))
    assert found == [round(step % 7 / 6, 4) for step in range(steps)]


def test_table_has_both_ways_of_a_load_beside_each_other() -> None:
    """The highest load has no way down."""
    rows = loop_table(a_loop()).rows
    assert list(rows[2]) == ["12", "100 %", "5 %", "100 %", "100 %"]
    assert list(rows[-1]) == ["24", "40 %", "", "40 %", ""]
