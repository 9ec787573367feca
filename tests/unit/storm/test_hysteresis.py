"""The load up and down again."""

from storm.hysteresis import STEPS, claims, rate_per_s, table_of

UP = [1.0, 1.0, 1.0, 0.98, 0.4, 0.0]


def test_load_goes_up_and_the_same_way_down() -> None:
    """In equal steps, the highest once."""
    assert [rate_per_s(step) for step in range(STEPS)] == [4, 8, 12, 16, 20, 24, 20, 16, 12, 8, 4]


def test_loop_that_stays_down_and_one_that_closes() -> None:
    """The table has both ways of a load beside each other, and the claims are about the same load."""
    stays_down, comes_back = [*UP, 0.0, 0.0, 0.05, 0.0, 0.0], [*UP, 0.0, 0.5, 0.9, 1.0, 1.0]
    assert [one.held for one in claims(stays_down, comes_back)] == [True, True, True]
    assert [one.held for one in claims(comes_back, stays_down)] == [True, False, False]
    assert list(table_of(stays_down, comes_back).rows[2]) == ["12", "100 %", "5 %", "100 %", "90 %"]
