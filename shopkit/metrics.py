"""Prometheus metrics of the HTTP side, the same for every service, at GET /metrics."""

from functools import cache
from http import HTTPMethod

from flask import Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from shopkit.answer_end import when_complete

METHODS = frozenset(HTTPMethod)
# Seconds. Fine around a healthy answer (milliseconds) and around the deadlines (0.5, 2, 30).
LATENCY_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60)


def init_app(app: Flask) -> CollectorRegistry:
    """Count and time the requests of `app`; return the registry, for metrics of the service's own."""
    registry = CollectorRegistry()
    _count_requests(app, registry)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return registry


def _count_requests(app: Flask, registry: CollectorRegistry) -> None:
    requests = Counter("http_requests", "Requests answered", ["method", "route", "status"], registry=registry)
    latency = Histogram(
        "http_request_duration_seconds",
        "Time from the first line of the request to the end of its answer",
        ["route"],
        buckets=LATENCY_BUCKETS_S,
        registry=registry,
    )
    requests_of, latency_of = cache(requests.labels), cache(latency.labels)  # a third of the cost of counting
    in_flight = Gauge("http_requests_in_flight", "Requests being served: busy threads", registry=registry)

    @app.before_request
    def begin() -> None:
        in_flight.inc()

    @app.after_request
    def count(response: Response) -> Response:
        rule, asked = request.url_rule, request.method
        route = rule.rule if rule else "unmatched"
        method = asked if asked in METHODS else "other"

        def complete(duration_s: float) -> None:
            requests_of(method, route, response.status_code).inc()
            latency_of(route).observe(duration_s)

        if when_complete(response, complete):
            in_flight.inc()  # for the body: `end` runs before it is sent
            response.call_on_close(in_flight.dec)
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        in_flight.dec()
