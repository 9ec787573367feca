"""What became of the requests for one route."""

from experiment.results.model.part import Part


class Accounts(Part):
    """What became of requests: scheduled = full + degraded + failed + unanswered + unsent."""

    scheduled: int
    """requests that were to start"""
    full: int
    """200, with product and recommendations"""
    degraded: int
    """200, with the product, without recommendations"""
    failed: int
    """any other answer, or a broken connection"""
    unanswered: int
    """started, and still waiting when the run ended"""
    unsent: int
    """never started: the generator had too many in flight (open load)"""


class Latency(Part):
    """Time to the complete answer: from the start of the request (closed load) or its scheduled start (open load)."""

    count: int
    mean_ms: float
    p50_ms: float
    p90_ms: float
    p95_ms: float
    p99_ms: float
    p99_9_ms: float
    max_ms: float


class LatencyByOutcome(Part):
    """Latency of all that was answered, and apart for each outcome; null where there was none."""

    answered: Latency | None
    full: Latency | None
    degraded: Latency | None
    failed: Latency | None


class RouteResult(Part):
    """What a gateway did with the requests for one route that were scheduled in one phase."""

    accounts: Accounts
    good: int
    """answers with product information within good_within_s"""
    scheduled_per_s: float
    answered_per_s: float
    """full, degraded and failed, over the length of the phase"""
    goodput_per_s: float
    """good answers, over the length of the phase"""
    waiting_at_end: int
    """of these requests: had no answer yet when the phase ended (they may have got one later)"""
    latency: LatencyByOutcome
