"""Requests of a run, made up."""

from experiment.phases import Phase
from experiment.results.requests_file import RequestRow
from load.outcomes import Outcome, Route

STATUS = {Outcome.FULL: 200, Outcome.DEGRADED: 200, Outcome.FAILED: 500}


def row(
    outcome: Outcome = Outcome.FULL,
    at_s: float = 0.0,
    took_ms: float = 5.0,
    *,
    phase: Phase = Phase.HEALTHY,
    route: Route = Route.PRODUCT_DETAILS,
) -> RequestRow:
    """Return a request that was to start at `at_s`, and was sent unless it is UNSENT; `took_ms` is for an answer."""
    answered = outcome in STATUS
    return RequestRow(
        request_id="load-1",
        gateway="api-gateway-v1",
        route=route,
        phase=phase,
        intended_s=at_s,
        started_s=None if outcome is Outcome.UNSENT else at_s,
        ended_s=at_s + took_ms / 1000 if answered else None,
        status=STATUS.get(outcome),
        outcome=outcome,
        latency_ms=took_ms if answered else None,
    )


def rows(
    count: int, outcome: Outcome = Outcome.FULL, took_ms: float = 5.0, *, route: Route = Route.PRODUCT_DETAILS
) -> list[RequestRow]:
    """Return requests, one a second, that all came to the same."""
    return [row(outcome, float(second), took_ms, route=route) for second in range(count)]
