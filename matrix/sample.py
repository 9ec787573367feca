"""One gateway in one run, from its requests and what the sick service counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.under_test.lane import Counts
from benchmarks.under_test.pages import pages_of, series_of
from experiment.measure.reaction import reaction
from experiment.measure.summary import is_good, of_route
from experiment.phases import Phase
from experiment.results.requests_file import RequestRow
from experiment.run.counts import minus
from experiment.run.timeline import Story
from load.outcomes import Route
from matrix.model import Sample

CALM_PART = 0.25  # of the fault, at its end, without a bad page: longer than a flapping service is well


@dataclass(frozen=True, slots=True)
class Readings:
    """What the sick service had counted at each turn; None where it did not answer."""

    before: Counts | None
    at_heal: Counts | None
    after: Counts | None

    @property
    def calls(self) -> int | None:
        """Calls while the fault lasted."""
        return minus(_calls(self.at_heal), _calls(self.before))

    @property
    def useless_work(self) -> int | None:
        """Work for callers who had left, from the fault to the end."""
        return minus(_useless_work(self.after), _useless_work(self.before))


def sample_of(seed: int, rows: Sequence[RequestRow], story: Story, readings: Readings) -> Sample:
    """Return the sample; `story` has the fault and its end."""
    from_s, to_s = story.spans()[Phase.FAULT]
    pages = of_route(rows, Route.PRODUCT_DETAILS)
    sick = [row for row in rows if row.phase is Phase.FAULT]
    return Sample(
        seed=seed,
        pages=pages_of(of_route(sick, Route.PRODUCT_DETAILS), story.ends_s),
        catalogue=pages_of(of_route(sick, Route.CATALOGUE), story.ends_s),
        calls=readings.calls,
        useless_work=readings.useless_work,
        protected_after_s=_protected_after_s(of_route(sick, Route.PRODUCT_DETAILS), from_s, to_s),
        recovered_after_s=reaction(pages, story, ()).heal_to_normal_s,
        fault_from_s=round(from_s, 3),
        fault_to_s=round(to_s, 3),
        series=series_of(pages, story.load_ends_s),
    )


def _calls(counts: Counts | None) -> int | None:
    return counts.calls if counts else None


def _useless_work(counts: Counts | None) -> int | None:
    return counts.useless_work if counts else None


def _protected_after_s(pages: Sequence[RequestRow], from_s: float, to_s: float) -> float | None:
    last_bad_s = max((row.intended_s for row in pages if not is_good(row)), default=from_s)
    return None if last_bad_s > to_s - CALM_PART * (to_s - from_s) else round(last_bad_s - from_s, 3)
