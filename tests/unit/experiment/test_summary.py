"""The numbers of a run."""

from experiment.outcomes import Outcome, Route
from experiment.request_log import Request
from experiment.summary import summarize


def took(outcome: Outcome, *latencies_s: float | None) -> list[Request]:
    """Return requests that took so long; None for those without an answer."""
    return [Request("", Route.CATALOGUE, 10.0, None if s is None else 10.0 + s, outcome) for s in latencies_s]


def test_summary_accounts_for_every_request() -> None:
    """All requests are full + degraded + failed + unanswered; what has no answer has no latency."""
    some = [
        *took(Outcome.FULL, 0.1, 0.2),
        *took(Outcome.DEGRADED, 0.3),
        *took(Outcome.FAILED, 30.0),
        *took(Outcome.UNANSWERED, None, None, None, None),
    ]
    summary = summarize(some, duration_s=10)
    assert (summary.requests, summary.full, summary.degraded, summary.failed, summary.unanswered) == (8, 2, 1, 1, 4)
    assert summary.failed_or_unanswered_share == 5 / 8
    assert summary.answers_per_s == 0.4
    assert summary.latency is not None
    assert (summary.latency.mean_ms, summary.latency.p50_ms, summary.latency.max_ms) == (7650.0, 200.0, 30000.0)


def test_percentiles_are_nearest_ranks() -> None:
    """Of 100 latencies from 1 to 100 ms, p99 is 99 ms."""
    latency = summarize(took(Outcome.FULL, *(n / 1000 for n in range(1, 101))), duration_s=1).latency
    assert latency is not None
    assert (latency.p50_ms, latency.p90_ms, latency.p95_ms, latency.p99_ms) == (50, 90, 95, 99)


def test_nothing_is_nothing() -> None:
    """A gateway that got no request has no latency and no failures."""
    summary = summarize([], duration_s=1)
    assert (summary.requests, summary.failed_or_unanswered_share, summary.latency) == (0, 0, None)
