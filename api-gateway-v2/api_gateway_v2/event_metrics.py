"""Prometheus metrics of the circuit, with the names and labels of resilience4j."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api_gateway_v2.guard import Guard
from api_gateway_v2.listeners import Listener
from api_gateway_v2.transitions import State, Transition
from shopkit.metrics import LATENCY_BUCKETS_S


class EventMetrics(Collector, Listener):
    """Counts events as they happen, and reads a snapshot of the guard at each scrape."""

    def __init__(self, guard: Guard, registry: CollectorRegistry) -> None:
        """Put the histogram of durations into `registry`; `collect` yields all other metrics."""
        self._guard = guard
        self._name = guard.breaker.name
        self._transitions: Counter[tuple[State, State]] = Counter()
        self._degraded = 0
        self._lock = threading.Lock()
        self._duration = Histogram(
            "circuitbreaker_call_duration_seconds",
            "Time that calls to the dependency took, seen from its bulkhead",
            ["name", "kind"],
            buckets=LATENCY_BUCKETS_S,
            registry=registry,
        )

    def on_transition(self, transition: Transition) -> None:
        """Count the transition."""
        with self._lock:
            self._transitions[transition.from_state, transition.to_state] += 1

    def on_call_end(self, duration_s: float, *, failed: bool) -> None:
        """Observe the duration of the call."""
        self._duration.labels(self._name, "failed" if failed else "successful").observe(duration_s)

    def on_answer(self, *, degraded: bool) -> None:
        """Count the degraded answers."""
        if degraded:
            with self._lock:
                self._degraded += 1

    def collect(self) -> Iterator[Metric]:
        """Yield the current metrics."""
        guard = self._guard.snapshot()
        calls = asdict(guard.circuit.calls)
        refused = calls.pop("short_circuited")
        with self._lock:
            transitions, degraded = self._transitions.copy(), self._degraded

        states = GaugeMetricFamily("circuitbreaker_state", "1 for the current state", labels=["name", "state"])
        for state in State:
            states.add_metric([self._name, state], float(guard.circuit.state is state))
        yield states

        made = CounterMetricFamily("circuitbreaker_calls", "Calls made, by how they ended", labels=["name", "kind"])
        for kind, count in calls.items():
            made.add_metric([self._name, kind], count)
        yield made

        moves = CounterMetricFamily("circuitbreaker_transitions", "Changes of state", labels=["name", "from", "to"])
        for (old, new), count in transitions.items():
            moves.add_metric([self._name, old, new], count)
        yield moves

        yield self._counter("circuitbreaker_not_permitted_calls", "Short-circuited", refused)
        yield self._counter(
            "bulkhead_refused_calls", "Calls refused because the bulkhead was full", guard.bulkhead_full
        )
        yield self._counter("degraded_answers", "Requests that went on without its answer", degraded)
        yield self._gauge("circuitbreaker_in_flight_calls", "Calls that hold a place in the bulkhead", guard.in_flight)
        yield self._gauge("bulkhead_max_allowed_concurrent_calls", "Size of the bulkhead", self._guard.max_concurrent)

    def _counter(self, metric: str, text: str, value: float) -> Metric:
        family = CounterMetricFamily(metric, text, labels=["name"])
        family.add_metric([self._name], value)
        return family

    def _gauge(self, metric: str, text: str, value: float) -> Metric:
        family = GaugeMetricFamily(metric, text, labels=["name"])
        family.add_metric([self._name], value)
        return family
