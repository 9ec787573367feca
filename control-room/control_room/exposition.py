"""What /metrics of a service says, as far as the page shows it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from shopkit.metrics import LATENCY_BUCKETS_S

SHOP_ROUTES = frozenset(
    {
        "/",
        "/shop/products/<product_id>",
        "/products",
        "/products/<product_id>",
        "/product-details/<product_id>",
    }
)
RECOMMENDATIONS_ROUTES = frozenset({"/recommendations/<product_id>"})
BOUNDS_S = (*LATENCY_BUCKETS_S, float("inf"))
WANTED = (
    "http_requests_total{",
    "http_request_duration_seconds_bucket{",
    "http_requests_in_flight ",
    "http_threads ",
    "degraded_answers_total{",
)
OK = "200"


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at /metrics: counters since the service's start, and two gauges."""

    full: float
    degraded: float
    failed: float
    latency: tuple[float, ...]  # answers within each of BOUNDS_S, cumulative
    in_flight: int  # requests that hold a thread, the one that asked for the metrics left out
    threads: int | None


def read(text: str, routes: frozenset[str] = SHOP_ROUTES) -> Reading:
    """Return what the metrics `text` says of these routes."""
    answered = served = degraded = 0.0
    in_flight, threads = 0, None
    within = dict.fromkeys(BOUNDS_S, 0.0)
    for sample in _samples(text):
        on_route = sample.labels.get("route") in routes
        if sample.name == "http_requests_total" and on_route:
            answered += sample.value
            served += sample.value if sample.labels["status"] == OK else 0
        elif sample.name == "http_request_duration_seconds_bucket" and on_route:
            within[float(sample.labels["le"])] += sample.value
        elif sample.name == "degraded_answers_total":
            degraded += sample.value
        elif sample.name == "http_requests_in_flight":
            in_flight = max(0, int(sample.value) - 1)
        elif sample.name == "http_threads":
            threads = int(sample.value)
    latency = tuple(within[bound] for bound in BOUNDS_S)
    degraded = min(degraded, served)  # a degraded answer is counted a moment before its status is
    return Reading(served - degraded, degraded, answered - served, latency, in_flight, threads)


def _samples(text: str) -> Iterator[Sample]:
    """Yield the samples of the metrics that are wanted; the others are not worth the time to parse them."""
    wanted = "\n".join(line for line in text.splitlines() if line.startswith(WANTED))
    families: Iterable[Metric] = text_string_to_metric_families(wanted + "\n")
    for family in families:
        yield from family.samples
