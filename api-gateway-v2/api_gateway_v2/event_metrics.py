"""The circuit, as Prometheus metrics; names and labels after resilience4j."""

from collections import Counter
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api_gateway_v2.guard import Guard
from api_gateway_v2.transitions import State, Transition
from shopkit.metrics import LATENCY_BUCKETS_S


class EventMetrics(Collector):
    """Counts transitions and times calls as they happen; reads everything else from the guard when it is asked."""

    def __init__(self, guard: Guard, registry: CollectorRegistry) -> None:
        self._guard = guard
        self._transitions: Counter[tuple[State, State]] = Counter()
        self._duration = Histogram(
            "circuitbreaker_call_duration_seconds",
            "Time that calls to the dependency took, seen from its bulkhead",
            ["name", "kind"],
            buckets=LATENCY_BUCKETS_S,
            registry=registry,
        )
        registry.register(self)
        guard.breaker.add_listener(self)
        guard.observe = self.call_ended

    def transition(self, transition: Transition) -> None:
        """Count it."""
        self._transitions[transition.from_state, transition.to_state] += 1

    def call_ended(self, duration_s: float, *, failed: bool) -> None:
        """Take the time of one call."""
        kind = "failed" if failed else "successful"
        self._duration.labels(self._guard.breaker.name, kind).observe(duration_s)

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics as they stand."""
        guard, breaker = self._guard, self._guard.breaker
        name = breaker.name

        state = GaugeMetricFamily("circuitbreaker_state", "1 for the current state", labels=["name", "state"])
        for each in State:
            state.add_metric([name, each], float(breaker.state is each))
        yield state

        calls = CounterMetricFamily("circuitbreaker_calls", "Calls made, by how they ended", labels=["name", "kind"])
        for kind, count in (
            ("successful", breaker.calls.successful),
            ("failed", breaker.calls.failed),
            ("late", breaker.calls.late),
        ):
            calls.add_metric([name, kind], count)
        yield calls

        transitions = CounterMetricFamily(
            "circuitbreaker_transitions", "Changes of state", labels=["name", "from", "to"]
        )
        for (old, new), count in list(self._transitions.items()):
            transitions.add_metric([name, old, new], count)
        yield transitions

        yield _counter("circuitbreaker_not_permitted_calls", "Short-circuited", name, breaker.calls.short_circuited)
        yield _counter(
            "bulkhead_refused_calls", "Calls refused because the bulkhead was full", name, guard.bulkhead_full
        )
        yield _counter("degraded_answers", "Requests that went on without its answer", name, guard.degraded)
        yield _gauge("circuitbreaker_in_flight_calls", "Calls that hold a place in the bulkhead", name, guard.in_flight)
        yield _gauge("bulkhead_max_allowed_concurrent_calls", "Size of the bulkhead", name, guard.max_concurrent)


def _counter(metric: str, text: str, name: str, value: float) -> Metric:
    family = CounterMetricFamily(metric, text, labels=["name"])
    family.add_metric([name], value)
    return family


def _gauge(metric: str, text: str, name: str, value: float) -> Metric:
    family = GaugeMetricFamily(metric, text, labels=["name"])
    family.add_metric([name], value)
    return family
