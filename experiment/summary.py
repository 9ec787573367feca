"""Numbers out of requests: counts by outcome, and latency."""

from collections import Counter
from collections.abc import Iterable
from math import ceil
from statistics import fmean

from pydantic import BaseModel

from experiment.outcomes import Outcome
from experiment.request_log import Request

PERCENTILES = (50, 90, 95, 99)


class Latency(BaseModel):
    """Time to the complete answer, of the requests that got one, in milliseconds."""

    mean_ms: float
    p50_ms: float
    p90_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


class Summary(BaseModel):
    """What became of some requests. requests = full + degraded + failed + unanswered."""

    requests: int
    full: int
    degraded: int
    failed: int
    unanswered: int
    failed_or_unanswered_share: float  # of all requests, 0 to 1
    answers_per_s: float  # full, degraded and failed, over the duration of the load
    latency: Latency | None  # None when nothing was answered


class GatewayResult(BaseModel):
    """What one gateway did with the load."""

    product_details: Summary  # the pages that want recommendations
    catalogue: Summary  # the pages that need none: the blast radius
    all_requests: Summary


def summarize(requests: Iterable[Request], duration_s: float) -> Summary:
    """Sum up requests of a load that took `duration_s` seconds."""
    requests = list(requests)
    count = Counter(request.outcome for request in requests)
    answered = len(requests) - count[Outcome.UNANSWERED]
    lost = count[Outcome.FAILED] + count[Outcome.UNANSWERED]
    return Summary(
        requests=len(requests),
        full=count[Outcome.FULL],
        degraded=count[Outcome.DEGRADED],
        failed=count[Outcome.FAILED],
        unanswered=count[Outcome.UNANSWERED],
        failed_or_unanswered_share=lost / len(requests) if requests else 0.0,
        answers_per_s=round(answered / duration_s, 2),
        latency=_latency(sorted(r.latency_ms for r in requests if r.latency_ms is not None)),
    )


def _latency(sorted_ms: list[float]) -> Latency | None:
    if not sorted_ms:
        return None
    percentiles = {f"p{p}_ms": round(_percentile(sorted_ms, p), 2) for p in PERCENTILES}
    return Latency(mean_ms=round(fmean(sorted_ms), 2), max_ms=round(sorted_ms[-1], 2), **percentiles)


def _percentile(sorted_values: list[float], percent: float) -> float:
    """Return the smallest value that `percent` of the values do not exceed (nearest rank)."""
    return sorted_values[max(0, ceil(len(sorted_values) * percent / 100) - 1)]
