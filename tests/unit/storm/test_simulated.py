"""The model of the storm."""

import pytest

from storm.search import middle_of, turning_point
from storm.simulated import Model, is_lethal

EVENLY_S = [number / 14 for number in range(14 * 40)]  # 70 % of what the dependency can do


def test_stalled_dependency_answers_nobody() -> None:
    """Not even a call that it was working on when the stall began: its caller makes another one."""
    assert Model(0.05, 1.5).whole([0.0]) == set()
    assert Model(0.05, 0.9).whole([0.0]) == {0.0}


def test_without_a_stall_every_page_is_whole() -> None:
    """Visits that come evenly never wait."""
    assert Model(5.0, 5.0).whole(EVENLY_S) == set(EVENLY_S)


@pytest.mark.parametrize(("stall_s", "lethal"), [(0.2, False), (4.0, True)])
def test_long_stall_is_lethal_and_short_one_is_not(stall_s: float, lethal: bool) -> None:
    """Half a minute after a stall that many timeouts fall into, the shop is still down."""
    assert is_lethal(EVENLY_S, 5.0, 5.0 + stall_s) is lethal


def test_search_finds_where_it_turns() -> None:
    """To the precision that is asked for, in as many looks as that takes; nothing is found where nothing turns."""
    looks: list[float] = []

    def is_long(length_s: float) -> bool:
        looks.append(length_s)
        return length_s >= 1.3

    assert turning_point(is_long, 8.0, 0.125) == (1.25, 1.375)
    assert len(looks) == 7
    assert turning_point(lambda _: False, 8.0, 0.125) is None
    assert (middle_of((1.0, 2.0)), middle_of(None)) == (1.5, None)
