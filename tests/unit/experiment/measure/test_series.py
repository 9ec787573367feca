"""Counts for each second."""

import pytest

from experiment.measure.series import Counter, busy_per_second, busy_threads, series_of
from experiment.results.model import BusyThreads
from load.outcomes import Outcome
from shopkit.poller import Sample
from support.rows import row
from support.story import clock

V1 = "api-gateway-v1"


def calls(*readings: tuple[float, int], ends_s: float) -> list[int | None]:
    """Return the calls in each second, from readings of (moment, calls so far)."""
    samples = [Sample(at, at + 0.01, {V1: total}) for at, total in readings]
    return Counter.of(samples, V1, clock()).per_second(ends_s)


def look(asked_at: float, answered_at: float | None, busy: int | None = None) -> Sample[int]:
    """Return a look at a gateway's /metrics: `busy` threads beside the one that answers, or no answer."""
    return Sample(asked_at, answered_at, None if busy is None else busy + 1)


def busy(*looks: Sample[int], ends_s: float) -> tuple[list[int | None], list[bool]]:
    """Return the busy threads of a gateway that has 64."""
    return busy_per_second(looks, 64, clock(), ends_s)


def test_counts_requests_in_their_seconds() -> None:
    """A request counts when it was scheduled, when its answer came, and at the end of each second it waited."""
    series = series_of(
        [
            row(Outcome.FULL, 0.2, 100),
            row(Outcome.FULL, 0.9, 200),
            row(Outcome.DEGRADED, 1.5, 1000),
            row(Outcome.FAILED, 2.1, 1400),
            row(Outcome.UNANSWERED, 2.9),
            row(Outcome.UNSENT, 2.95),
        ],
        [None] * 4,
        [None] * 4,
        [None] * 4,
        ends_s=3.6,
    )
    assert series.scheduled == [2, 1, 3, 0]
    assert (series.full, series.degraded, series.failed) == ([1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1])
    assert series.waiting == [1, 1, 2, 1]


def test_clamps_requests_to_the_run() -> None:
    """A request just outside the run counts in its first or last second."""
    series = series_of([row(at_s=-0.01), row(at_s=2.9, took_ms=500)], [], [], [], ends_s=3.0)
    assert (series.scheduled, series.full) == ([1, 0, 1], [1, 0, 1])


def test_interpolates_calls_between_readings() -> None:
    """Readings every second and a half still give a count for each second."""
    assert calls((-0.5, 100), (1.0, 115), (2.5, 115), (4.0, 130), ends_s=4.0) == [10, 0, 5, 10]


def test_calls_without_readings_are_unknown() -> None:
    """Calls before the first reading and after the last one are unknown."""
    assert calls((0.5, 0), (2.5, 20), ends_s=4.0) == [None, 10, None, None]
    assert calls(ends_s=2.0) == [None, None]


def test_interpolates_calls_over_a_failed_reading() -> None:
    """A reading without an answer is left out of the interpolation."""
    samples = [Sample(0.0, 0.1, {V1: 0}), Sample(1.0, 1.1, None), Sample(2.0, 2.1, {V1: 10})]
    assert Counter.of(samples, V1, clock()).per_second(2.0) == [5, 5]


def test_interpolated_calls_add_up() -> None:
    """Rounding neither loses nor adds a call."""
    found = calls((0.0, 0), (7.0, 10), ends_s=7.0)
    assert sum(count or 0 for count in found) == 10


def test_busy_threads_exclude_the_reading() -> None:
    """The thread that answers /metrics does not count as busy."""
    assert busy(look(0.1, 0.12, 3), look(1.1, 1.12, 0), ends_s=3.0) == ([3, 0, None], [False] * 3)


def test_slow_reading_means_all_threads_are_busy() -> None:
    """All threads are busy in every second in which a reading waits, whether or not it is answered in the end."""
    answered, stuck = busy(look(0.1, 0.12, 3), look(1.5, 3.5, 60), look(4.2, 9.2), ends_s=10.0)
    assert answered == [3, 64, 64, 64, 64, 64, 64, 64, 64, 64]
    assert stuck == [False] + [True] * 9


def test_reading_without_an_end_lasts_to_the_end() -> None:
    """A reading that still waits when the run ends keeps all threads busy until then."""
    assert busy(look(0.1, 0.2, 3), look(2.5, None), ends_s=5.0) == (
        [3, None, 64, 64, 64],
        [False, False, True, True, True],
    )


def test_refused_reading_says_nothing() -> None:
    """A reading that failed at once, or has only just begun, gives no count."""
    assert busy(look(0.1, 0.2), look(4.8, None), ends_s=5.0) == ([None] * 5, [False] * 5)


def test_ignores_readings_before_the_load() -> None:
    """A reading before the load began is left out."""
    assert busy(look(-0.5, -0.4, 7), ends_s=1.0) == ([None], [False])


@pytest.mark.parametrize(
    ("from_s", "to_s", "expected"),
    [
        (0.0, 2.0, BusyThreads(mean=3.0, max=4, no_answer_share=0.0)),
        (1.6, 5.4, BusyThreads(mean=64.0, max=64, no_answer_share=1.0)),
        (0.0, 99.0, BusyThreads(mean=33.5, max=64, no_answer_share=0.5)),
        (4.0, 6.0, None),
    ],
)
def test_summarizes_busy_threads_over_known_seconds(from_s: float, to_s: float, expected: BusyThreads) -> None:
    """Seconds without a reading are left out, and a span without any reading has no summary."""
    stuck = [False, False, True, True, False, False]
    assert busy_threads([2, 4, 64, 64, None, None], stuck, from_s, to_s) == expected


def test_restart_of_the_service_is_no_negative_count() -> None:
    """Where a count falls, because the service was started again, it is not known."""
    assert calls((0.0, 700), (1.0, 710), (2.0, 5), (3.0, 15), ends_s=3.0) == [10, None, 10]
