"""A set of requests in numbers: accounts by outcome, goodput and latency."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import ceil
from statistics import fmean

from experiment.results.model import Accounts, Latency, LatencyByOutcome, RouteResult
from experiment.results.requests_file import RequestRow
from load.outcomes import Outcome, Route

GOOD_WITHIN_S = 1.0  # beyond it, people notice a wait (Nielsen, Usability Engineering, 1993, 5.5)
PERCENTILES = {"p50_ms": 50, "p90_ms": 90, "p95_ms": 95, "p99_ms": 99, "p99_9_ms": 99.9}
SERVED = (Outcome.FULL, Outcome.DEGRADED)


def is_good(row: RequestRow) -> bool:
    """Return whether a request was answered with product information in time."""
    return row.outcome in SERVED and row.latency_ms is not None and row.latency_ms <= GOOD_WITHIN_S * 1000


def of_route(rows: Iterable[RequestRow], route: Route) -> list[RequestRow]:
    """Return the requests for one route."""
    return [row for row in rows if row.route is route]


def summarize(rows: Sequence[RequestRow], from_s: float, to_s: float) -> RouteResult:
    """Summarize the requests scheduled between two moments, in seconds since the load began."""
    length_s = to_s - from_s
    answered = [row for row in rows if row.latency_ms is not None]
    good = sum(map(is_good, rows))
    return RouteResult(
        accounts=accounts(rows),
        good=good,
        scheduled_per_s=round(len(rows) / length_s, 2),
        answered_per_s=round(len(answered) / length_s, 2),
        goodput_per_s=round(good / length_s, 2),
        waiting_at_end=sum(row.started_s is not None and (row.ended_s is None or row.ended_s > to_s) for row in rows),
        latency=LatencyByOutcome(
            answered=latency(answered),
            full=latency(answered, lambda row: row.outcome is Outcome.FULL),
            degraded=latency(answered, lambda row: row.outcome is Outcome.DEGRADED),
            failed=latency(answered, lambda row: row.outcome is Outcome.FAILED),
        ),
    )


def accounts(rows: Sequence[RequestRow]) -> Accounts:
    """Count requests by outcome."""
    count = Counter(row.outcome for row in rows)
    return Accounts(scheduled=len(rows), **{outcome: count[outcome] for outcome in Outcome})


def latency(rows: Iterable[RequestRow], which: Callable[[RequestRow], bool] = bool) -> Latency | None:
    """Return the latency of the answered requests that `which` selects; None when there are none."""
    sorted_ms = sorted(row.latency_ms for row in rows if which(row) and row.latency_ms is not None)
    if not sorted_ms:
        return None
    percentiles = {name: round(percentile(sorted_ms, percent), 2) for name, percent in PERCENTILES.items()}
    return Latency(
        count=len(sorted_ms), mean_ms=round(fmean(sorted_ms), 2), max_ms=round(sorted_ms[-1], 2), **percentiles
    )


def percentile(sorted_values: Sequence[float], percent: float) -> float:
    """Return the smallest value that `percent` of the values do not exceed (nearest rank)."""
    return sorted_values[max(0, ceil(len(sorted_values) * percent / 100) - 1)]
