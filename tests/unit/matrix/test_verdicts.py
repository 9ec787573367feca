"""What the bootstrap decides."""

import pytest

from matrix.verdicts import Difference, Score, difference

ASKED = [8] * 36  # three runs of twelve seconds


@pytest.mark.parametrize(
    ("good", "of_v1", "verdict"),
    [
        ([8] * 36, [0] * 36, "better"),
        ([0] * 36, [8] * 36, "worse"),
        ([8] * 36, [8] * 36, "same"),
        ([8] * 35 + [7], [8] * 36, "same"),
        ([8] * 34 + [0, 8], [8] * 36, "not decided"),
        ([8, 6] * 18, [6, 8] * 18, "not decided"),
    ],
    ids=["all against none", "none against all", "equal", "one page", "one bad second", "equal on average"],
)
def test_verdict(good: list[int], of_v1: list[int], verdict: str) -> None:
    """A verdict is given only where the whole interval is on one side of what counts as a difference."""
    assert difference(Score(good, ASKED), Score(of_v1, ASKED)).verdict == verdict


def test_same_data_has_the_same_interval() -> None:
    """The bootstrap draws the same each time, so that a matrix that is drawn again says the same."""
    one, other = Score([8, 3] * 18, ASKED), Score([4, 4] * 18, ASKED)
    assert difference(one, other) == difference(one, other)


def test_interval_covers_the_true_difference() -> None:
    """It is centred on the difference of the shares, and as wide as the seconds differ."""
    found = difference(Score([8, 4] * 18, ASKED), Score([4] * 36, ASKED))
    assert found.low < 0.25 < found.high
    assert 0.05 < found.high - found.low < 0.3


def test_nothing_asked_for_is_no_difference() -> None:
    """Where no page was asked for, nobody was harmed."""
    assert difference(Score([], []), Score([], [])) == Difference(0.0, 0.0)
