"""What /metrics of a service says, as far as the page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shopkit.metrics import LATENCY_BUCKETS_S
from shopkit.metrics_reader import Metrics

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
    "http_requests_total",
    "http_request_duration_seconds_bucket",
    "http_requests_in_flight",
    "http_threads",
    "degraded_answers_total",
)
OK = "200"


class Outcomes(NamedTuple):
    """Answers by their outcome."""

    full: float
    degraded: float
    failed: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at /metrics: counters since the service's start, and two gauges."""

    answered: float
    served: float  # with status 200
    degraded: float  # counted a moment before they are served
    latency: tuple[float, ...]  # answers within each of BOUNDS_S, cumulative
    in_flight: int  # requests that hold a thread, the one that asked for the metrics left out
    threads: int | None

    @property
    def counters(self) -> tuple[float, ...]:
        """The counters as they were read: each grows until the service restarts, which no difference of them does."""
        return (self.answered, self.served, self.degraded, *self.latency)

    @property
    def outcomes(self) -> Outcomes:
        """What became of the requests since the service's start."""
        return outcomes(self.counters)


def outcomes(counters: Sequence[float]) -> Outcomes:
    """Return what the `counters` of a reading, or their growth, say of the outcomes."""
    answered, served, degraded = counters[:3]
    degraded = min(degraded, served)
    return Outcomes(served - degraded, degraded, answered - served)


def latency(counters: Sequence[float]) -> Sequence[float]:
    """Return the answers within each of BOUNDS_S that the `counters` of a reading, or their growth, hold."""
    return counters[3:]


def read(text: str, routes: frozenset[str] = SHOP_ROUTES) -> Reading:
    """Return what the metrics `text` says of these routes.

    Raises:
        ValueError: the text is not in Prometheus' format.
    """
    metrics = Metrics(text, only=WANTED)
    answers = [sample for sample in metrics.samples("http_requests_total") if sample.labels["route"] in routes]
    within = dict.fromkeys(BOUNDS_S, 0.0)
    for sample in metrics.samples("http_request_duration_seconds_bucket"):
        if sample.labels["route"] in routes:
            within[float(sample.labels["le"])] += sample.value
    return Reading(
        answered=sum(sample.value for sample in answers),
        served=sum(sample.value for sample in answers if sample.labels["status"] == OK),
        degraded=metrics.total("degraded_answers_total"),
        latency=tuple(within.values()),
        in_flight=max(0, int(metrics.total("http_requests_in_flight")) - 1),
        threads=int(metrics.total("http_threads")) or None,
    )
