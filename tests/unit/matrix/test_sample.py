"""One gateway in one run, from its requests."""

import pytest

from benchmarks.under_test.lane import Counts
from experiment.phases import Phase
from experiment.run.timeline import Story, Switch
from load.outcomes import Outcome, Route
from matrix.sample import Readings, sample_of
from support.rows import row

STORY = Story(Switch(2.0, 2.0), Switch(6.0, 6.0), load_ends_s=8.0, ends_s=8.0)
READINGS = Readings(Counts(10, 0), Counts(34, 5), Counts(50, 7))
ROWS = [
    row(at_s=0.5),
    row(Outcome.FULL, 2.5, 1500.0, phase=Phase.FAULT),
    row(Outcome.FAILED, 3.5, phase=Phase.FAULT),
    row(Outcome.DEGRADED, 4.5, phase=Phase.FAULT),
    row(Outcome.FULL, 5.5, phase=Phase.FAULT),
    row(Outcome.FAILED, 5.6, phase=Phase.FAULT, route=Route.CATALOGUE),
    row(Outcome.DEGRADED, 6.5, phase=Phase.RECOVERY),
    row(at_s=7.5, phase=Phase.RECOVERY),
]


def test_pages_of_the_fault_are_counted_by_their_fate() -> None:
    """A late page is not good, and a page counts where it was asked for."""
    sample = sample_of(1, ROWS, STORY, READINGS)
    pages = sample.pages
    assert (pages.asked, pages.good, pages.with_recommendations, pages.failed, pages.unanswered) == (4, 2, 1, 1, 0)
    assert (sample.catalogue.asked, sample.catalogue.good) == (1, 0)
    assert sample.series.asked == [1, 0, 1, 1, 1, 1, 1, 1]
    assert sample.series.with_recommendations == [1, 0, 0, 0, 0, 1, 0, 1]
    assert sample.series.without == [0, 0, 0, 0, 1, 0, 1, 0]
    assert sample.series.late == [0, 0, 1, 0, 0, 0, 0, 0]


def test_times_to_protect_and_to_recover() -> None:
    """Protected from the last bad page of the fault on, recovered from the last page that lacked something on."""
    sample = sample_of(1, ROWS, STORY, READINGS)
    assert sample.protected_after_s == pytest.approx(1.5)
    assert sample.recovered_after_s == pytest.approx(0.505)


def test_bad_pages_to_the_end_are_no_protection() -> None:
    """A gateway that fails pages just before the fault ends has not protected anybody by then."""
    rows = [*ROWS, row(Outcome.FAILED, 5.8, phase=Phase.FAULT)]
    assert sample_of(1, rows, STORY, READINGS).protected_after_s is None


def test_unanswered_page_counts_with_its_wait_so_far() -> None:
    """A page that waits to the end of the run is the slowest, and not left out."""
    sample = sample_of(1, [row(Outcome.UNANSWERED, 3.0, phase=Phase.FAULT)], STORY, READINGS)
    assert (sample.pages.unanswered, sample.pages.p99_ms) == (1, 5000.0)


def test_counts_of_the_sick_service() -> None:
    """Calls while the fault lasted; useless work from then to the end. Unknown where it did not answer."""
    sample = sample_of(1, ROWS, STORY, READINGS)
    assert (sample.calls, sample.useless_work) == (24, 7)
    unknown = sample_of(1, ROWS, STORY, Readings(Counts(10, 0), None, None))
    assert (unknown.calls, unknown.useless_work) == (None, None)
