"""What became of the pages of one gateway: in all, and by the second in which they were asked for."""

from collections.abc import Callable, Sequence
from math import ceil

from benchmarks.traffic import with_wait
from experiment.measure.summary import SERVED, is_good, percentile
from experiment.results.model.part import Part
from experiment.results.requests_file import RequestRow
from load.outcomes import Outcome


class Pages(Part):
    """What became of the pages that were asked for while the fault lasted."""

    asked: int
    good: int
    """product information within good_within_s"""
    with_recommendations: int
    """good, and with recommendations"""
    failed: int
    """answered with an error, or a broken connection"""
    unanswered: int
    """still waiting when the run ended"""
    p50_ms: float | None
    """of all of them; one still unanswered counts with its wait so far; null: none was asked for"""
    p99_ms: float | None


class Series(Part):
    """The fate of the product pages asked for in each second of the run: the entry at index i is second i to i + 1."""

    asked: list[int]
    with_recommendations: list[int]
    """good, with recommendations"""
    without: list[int]
    """good, without recommendations"""
    late: list[int]
    """answered with product information, but too late"""
    # the rest failed, or was never answered


def pages_of(rows: Sequence[RequestRow], now_s: float) -> Pages:
    """Return what became of these pages; `now_s` is when the run ended."""
    waits_ms = sorted(row.latency_ms for row in (with_wait(row, now_s) for row in rows) if row.latency_ms is not None)
    return Pages(
        asked=len(rows),
        good=sum(map(is_good, rows)),
        with_recommendations=sum(map(is_full, rows)),
        failed=sum(row.outcome is Outcome.FAILED for row in rows),
        unanswered=sum(row.outcome in (Outcome.UNANSWERED, Outcome.UNSENT) for row in rows),
        p50_ms=round(percentile(waits_ms, 50), 1) if waits_ms else None,
        p99_ms=round(percentile(waits_ms, 99), 1) if waits_ms else None,
    )


def series_of(pages: Sequence[RequestRow], ends_s: float) -> Series:
    """Return the fate of the pages by the second in which they were asked for."""

    def per_second(which: Callable[[RequestRow], bool]) -> list[int]:
        counts = [0] * ceil(ends_s)
        for row in filter(which, pages):
            counts[min(max(0, int(row.intended_s)), len(counts) - 1)] += 1
        return counts

    return Series(
        asked=per_second(lambda _: True),
        with_recommendations=per_second(is_full),
        without=per_second(lambda row: is_good(row) and not is_full(row)),
        late=per_second(lambda row: row.outcome in SERVED and not is_good(row)),
    )


def is_full(row: RequestRow) -> bool:
    """Return whether a page had recommendations, and came in time."""
    return row.outcome is Outcome.FULL and is_good(row)
