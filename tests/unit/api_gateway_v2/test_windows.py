"""The windows of recent calls."""

import pytest

from api_gateway_v2.windows import CountWindow, TimeWindow, Window


def test_count_window_forgets_the_oldest_call() -> None:
    """Only the last calls count, however long ago they were."""
    window = CountWindow(3)
    counts = []
    for number, bad in enumerate([True, False, True, True, False, False, False]):
        window.add(number * 1000.0, bad=bad)
        counts.append(window.counts(number * 1000.0))

    assert counts == [(1, 1), (2, 1), (3, 2), (3, 2), (3, 2), (3, 1), (3, 0)]


def test_time_window_forgets_calls_by_their_age() -> None:
    """Calls of the last ten seconds count, to a tenth of the window, and however many they are."""
    window = TimeWindow(10)
    for _ in range(500):
        window.add(100.0, bad=True)
    window.add(105.0, bad=False)

    assert [window.counts(now_s) for now_s in (105.0, 109.9, 110.0, 114.9, 115.0)] == [
        (501, 500),
        (501, 500),
        (1, 0),
        (1, 0),
        (0, 0),
    ]


def test_time_window_keeps_ten_buckets() -> None:
    """A window of a second holds the calls of its last ten tenths."""
    window = TimeWindow(1)
    for number in range(100):
        window.add(number / 10 + 0.05, bad=number % 2 == 0)

    assert window.counts(9.95) == (10, 5)
    assert window.counts(20.0) == (0, 0)


@pytest.mark.parametrize("window", [CountWindow(3), TimeWindow(10)])
def test_cleared_window_is_empty(window: Window) -> None:
    """A cleared window counts from zero."""
    window.add(1.0, bad=True)
    window.clear()
    assert window.counts(1.0) == (0, 0)

    window.add(1.0, bad=False)
    assert window.counts(1.0) == (1, 0)
