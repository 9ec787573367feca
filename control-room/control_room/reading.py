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
    """One look at /metrics."""

    # answered, served with status 200, degraded (a moment before they are served), answered within each of BOUNDS_S.
    # As they were read: each grows until the service restarts, which a difference of two may not.
    counters: tuple[float, ...]
    in_flight: int  # requests that hold a thread, the one that asked for the metrics left out
    threads: int | None


@dataclass(frozen=True, slots=True)
class Work:
    """One look at what the recommendations service does."""

    counters: tuple[float, float, float]  # calls that arrived, answers that somebody waited for, answers for nobody
    queued: int  # calls that wait for a slot (the fault capacity)


def outcomes(counters: Sequence[float]) -> Outcomes:
    """Return the outcomes that counters, or what they grew by, tell of."""
    answered, served, degraded = counters[:3]
    degraded = min(degraded, served)
    return Outcomes(served - degraded, degraded, answered - served)


def latency(counters: Sequence[float]) -> Sequence[float]:
    """Return the part of counters, or of what they grew by, that is the histogram over BOUNDS_S."""
    return counters[3:]


def read_work(text: str) -> Work:
    """Return what the metrics `text` of the recommendations service says; raise as `read` does."""
    metrics = Metrics(text, only=("recommendations_calls", "recommendations_work", "recommendations_waiting"))
    useful, useless = (metrics.total("recommendations_work_total", awaited=by) for by in ("yes", "no"))
    return Work(
        (metrics.total("recommendations_calls_total"), useful, useless),
        queued=int(metrics.total("recommendations_waiting_calls")),
    )


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
    answered = sum(sample.value for sample in answers)
    served = sum(sample.value for sample in answers if sample.labels["status"] == OK)
    return Reading(
        counters=(answered, served, metrics.total("degraded_answers_total"), *within.values()),
        in_flight=max(0, int(metrics.total("http_requests_in_flight")) - 1),
        threads=int(metrics.total("http_threads")) or None,
    )
