"""Requests before, in and after the fault."""

from collections.abc import Iterable
from statistics import fmean

from experiment.measure.summary import is_good, of_route
from experiment.phases import Phase
from experiment.results.requests_file import RequestRow
from experiment.run.timeline import Story
from load.outcomes import Outcome, Route


def ended_before_fault(row: RequestRow, story: Story) -> bool:
    """Return whether a request ended before the fault was ordered, and so can't have met it."""
    return story.fault is None or (row.ended_s is not None and row.ended_s < story.fault.ordered_s)


def degraded_while_healthy(rows: Iterable[RequestRow], story: Story) -> int:
    """Count the degraded answers to requests made before or after the fault: the price of the protection."""
    return sum(
        row.outcome is Outcome.DEGRADED and (row.phase is Phase.RECOVERY or ended_before_fault(row, story))
        for row in rows
    )


def degraded_share_before_fault(rows: Iterable[RequestRow], story: Story) -> float:
    """Return the share of product pages that ended before the fault and were degraded; 0 where there were none."""
    pages = of_route((row for row in rows if ended_before_fault(row, story)), Route.PRODUCT_DETAILS)
    return round(fmean(page.outcome is Outcome.DEGRADED for page in pages), 4) if pages else 0.0


def served_in_fault(rows: Iterable[RequestRow], story: Story) -> int:
    """Count the product pages that were asked for and served in time while the fault lasted."""
    ends_s = story.heal.ordered_s if story.heal else story.ends_s
    pages = (page for page in of_route(rows, Route.PRODUCT_DETAILS) if page.phase is Phase.FAULT)
    return sum(is_good(page) and page.ended_s is not None and page.ended_s <= ends_s for page in pages)
