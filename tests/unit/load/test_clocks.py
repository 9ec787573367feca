"""The clock of another process, compared with ours."""

import pytest

from load.clocks import ClockOffset, Exchange


def test_quickest_exchange_decides() -> None:
    """The offset is that of the shortest round trip, and half of the trip bounds its error, wherever the time went."""
    slow, quick = Exchange(10.0, 110.5, 10.6), Exchange(11.0, 111.004, 11.006)

    offset = ClockOffset.of([slow, quick])

    assert (offset.ahead_s, offset.error_s) == pytest.approx((100.001, 0.003))
    assert abs(offset.ahead_s - 100.0) <= offset.error_s, "the truth, with all of the trip on one way"


def test_drift_adds_to_the_error() -> None:
    """A clock that has drifted by the end is known to the drift and the later error, a steady one as well as ever."""
    first = ClockOffset(5.0, 0.002)

    drifted, steady = first.held_until(ClockOffset(5.010, 0.001)), first.held_until(ClockOffset(5.0, 0.001))

    assert (drifted.ahead_s, drifted.error_s) == pytest.approx((5.0, 0.011))
    assert steady == first
