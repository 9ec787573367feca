"""One rung in one run, from its pages and what its dependency counted."""

import pytest

from benchmarks.under_test.pages import series_of
from experiment.measure.series import Counter
from experiment.phases import Phase
from experiment.run.timeline import Story, Switch
from load.outcomes import Outcome
from storm.dependency import CALLS, COUNTERS, REFUSED, USEFUL, USELESS, WAITING, Watched
from storm.sample import recovered_after_s, rung_run_of
from support.rows import row

FROM_S, TO_S, ENDS_S = 10.0, 18.4, 60.0
STORY = Story(Switch(FROM_S, FROM_S), Switch(TO_S, TO_S), load_ends_s=ENDS_S, ends_s=ENDS_S + 7)
WELL_AGAIN_S = 30


def pages(*bad: int) -> list[Outcome]:
    """Return what became of the page of each second."""
    return [
        Outcome.DEGRADED if FROM_S <= second < WELL_AGAIN_S or second in bad else Outcome.FULL
        for second in range(int(ENDS_S))
    ]


def rising(per_s: float) -> Counter:
    """Return a count that rises evenly."""
    return Counter([(float(second), second * per_s) for second in range(-1, 70)])


COUNTED = {CALLS: rising(25), USEFUL: rising(5), USELESS: rising(15), REFUSED: rising(3), WAITING: rising(1)}


def test_goodput_is_of_whole_pages_in_time() -> None:
    """A page without recommendations does not count, and neither does a late one."""
    rows = [row(outcome, float(second), phase=Phase.FAULT) for second, outcome in enumerate(pages())]
    rows[40] = row(Outcome.FULL, 40.0, 1500.0)
    run = rung_run_of("unprotected", rows, STORY, 20.0, COUNTED)
    assert (run.well_share, run.down_share, run.down_best_share) == (1.0, 0.4, 1.0)
    assert (run.pages.asked, run.pages.with_recommendations) == (60, 39)
    assert (run.calls_per_page, run.useless_share) == (25.0, 0.75)
    assert run.accounts
    assert (run.accounts.arrived, run.accounts.rest) == (69 * 25, 69)
    assert run.dependency.waiting[:2] == [1, 2]


def test_counts_of_a_time_without_readings_are_not_known() -> None:
    """What has come meanwhile belongs to none of these seconds; other counts are known."""
    stopped = Counter([(-0.5, 0), (0.5, 10), (1.5, 20), (6.2, 400), (7.2, 410), (8.2, 420), (9.2, 430)])
    run = rung_run_of("unprotected", [row()], STORY, 20.0, COUNTED | {CALLS: stopped})
    assert run.dependency.calls[:9] == [10, None, None, None, None, None, None, 10, 10]
    assert run.dependency.waiting[:3] == [1, 2, 3]


@pytest.mark.parametrize(
    ("bad", "after_s"), [((), 11.6), ((45,), 11.6), ((50, 52, 54, 56, 58), None), ((30, 33), 15.6)]
)
def test_well_again_is_for_five_seconds_and_for_the_rest(bad: tuple[int, ...], after_s: float | None) -> None:
    """One bad page later on is no outage, many are."""
    rows = [row(outcome, float(second)) for second, outcome in enumerate(pages(*bad))]
    assert recovered_after_s(series_of(rows, ENDS_S), TO_S) == after_s


def test_dependency_that_is_started_again_goes_on_counting() -> None:
    """Its counters begin at 0 in the new process; how many calls wait is no counter."""
    watched = Watched("http://127.0.0.1:1")
    read = [dict.fromkeys(COUNTERS, calls) | {WAITING: 3} for calls in (5, 9, 2, 4)]
    assert [watched.take(one)[CALLS] for one in read] == [5, 9, 11, 13]
    assert watched.take(read[-1])[WAITING] == 3
