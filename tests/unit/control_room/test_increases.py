"""How much counters grew, when."""

import pytest

from control_room.increases import KEPT_S, Increases, per_second


def test_growth_is_spread_over_the_time_between_two_looks() -> None:
    """A window that holds a part of that time holds that part of the growth."""
    increases = Increases()
    increases.take(100.0, (5.0, 1.0))
    increases.take(110.0, (25.0, 2.0))
    assert increases.between(100.0, 110.0) == (20.0, 1.0)
    assert increases.between(108.0, 120.0) == pytest.approx((4.0, 0.2))
    assert increases.known_s(108.0, 120.0) == 2.0
    assert increases.between(111.0, 120.0) is None


def test_first_look_is_no_growth() -> None:
    """What was counted before anyone looked did not happen in the last minute."""
    increases = Increases()
    increases.take(100.0, (1000.0,))
    assert increases.between(0.0, 200.0) is None


def test_counter_that_fell_began_again() -> None:
    """After a restart of the service, what its new counters say is the growth."""
    increases = Increases()
    increases.take(100.0, (50.0, 9.0))
    increases.take(101.0, (3.0, 10.0))
    assert increases.between(100.0, 101.0) == (3.0, 10.0)


def test_nothing_is_kept_for_longer_than_it_is_shown() -> None:
    """An hour of looks takes no more room than a minute."""
    increases = Increases()
    for second in range(3600):
        increases.take(float(second), (float(second),))
    assert len(increases._growths) <= KEPT_S + 2
    assert increases.between(3539.0, 3599.0) == (60.0,)


def test_rate_needs_a_second_of_knowledge() -> None:
    """Too short a time says nothing about a rate."""
    assert per_second((10.0, 2.0), 4.0) == 3.0
    assert per_second((10.0,), 0.5) is None


def test_longest_silence_is_told() -> None:
    """A window that a long silence reaches into says how long it was."""
    increases = Increases()
    for at in (100.0, 100.5, 130.0, 130.5):
        increases.take(at, (1.0,))
    assert increases.longest_s(129.0, 130.0) == 29.5
    assert increases.longest_s(130.0, 130.5) == 0.5


def test_questions_are_answered_while_more_is_taken() -> None:
    """The growths that a question goes through stay as they were when it began."""
    increases = Increases()
    for at in range(3):
        increases.take(float(at), (float(at),))
    before = increases._growths
    increases.take(100.0, (9.0,))
    assert [growth.end for growth in before] == [1.0, 2.0]
    assert [growth.end for growth in increases._growths] == [100.0], "the others are too old, and forgotten"
