"""Prometheus metrics of the circuits, with the names and labels of resilience4j."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api_gateway_v2.guard import Guard
from api_gateway_v2.listeners import Listener
from api_gateway_v2.permits import CallKind
from api_gateway_v2.transitions import State, Transition
from shopkit.metrics import LATENCY_BUCKETS_S


class GuardEvents(Listener):
    """Counts the events of one guard as they happen."""

    def __init__(self, guard: Guard[Any], durations: Histogram) -> None:
        """`durations` has the labels name and kind."""
        self.guard = guard
        self.transitions: Counter[tuple[State, State]] = Counter()
        self.probes: Counter[CallKind] = Counter()
        self.answers: Counter[bool] = Counter()  # by whether they were degraded
        self.lock = threading.Lock()
        self._durations = {kind: durations.labels(guard.breaker.name, kind) for kind in CallKind}

    def on_transition(self, transition: Transition) -> None:
        """Count the transition."""
        with self.lock:
            self.transitions[transition.from_state, transition.to_state] += 1

    def on_call_end(self, duration_s: float, kind: CallKind) -> None:
        """Observe the duration of the call."""
        self._durations[kind].observe(duration_s)

    def on_probe(self, kind: CallKind) -> None:
        """Count the probe."""
        with self.lock:
            self.probes[kind] += 1

    def on_answer(self, *, degraded: bool) -> None:
        """Count the answer."""
        with self.lock:
            self.answers[degraded] += 1


class EventMetrics(Collector):
    """Counts events of every guard, and reads a snapshot of each at every scrape."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register everything in `registry`."""
        self._watched: list[GuardEvents] = []
        self._durations = Histogram(
            "circuitbreaker_call_duration_seconds",
            "Time that calls to the dependency took, seen from its bulkhead",
            ["name", "kind"],
            buckets=LATENCY_BUCKETS_S,
            registry=registry,
        )
        registry.register(self)

    def watch(self, guard: Guard[Any]) -> None:
        """Count the events of `guard` from now on."""
        events = GuardEvents(guard, self._durations)
        guard.breaker.add_listener(events)
        self._watched.append(events)

    def collect(self) -> Iterator[Metric]:
        """Yield the current metrics."""
        states = GaugeMetricFamily("circuitbreaker_state", "1 for the current state", labels=["name", "state"])
        made = CounterMetricFamily("circuitbreaker_calls", "Calls made, by how they ended", labels=["name", "kind"])
        moves = CounterMetricFamily("circuitbreaker_transitions", "Changes of state", labels=["name", "from", "to"])
        probes = CounterMetricFamily("circuitbreaker_probes", "Probes, by how they ended", labels=["name", "kind"])
        refused = _counter("circuitbreaker_not_permitted_calls", "Short-circuited")
        crowded_out = _counter("bulkhead_refused_calls", "Calls refused because the bulkhead was full")
        full = _counter("full_answers", "Requests that went on with its answer")
        degraded = _counter("degraded_answers", "Requests that went on without its answer")
        in_flight = _gauge("circuitbreaker_in_flight_calls", "Calls in flight")
        taken = _gauge("bulkhead_taken_calls", "Calls in flight that count towards the bulkhead's limit")
        allowed = _gauge("bulkhead_max_allowed_concurrent_calls", "The bulkhead's limit")
        for events in self._watched:
            name, now = events.guard.breaker.name, events.guard.snapshot()
            for state in State:
                states.add_metric([name, state], float(now.circuit.state is state))
            calls = asdict(now.circuit.calls)
            refused.add_metric([name], calls.pop("short_circuited"))
            for kind, count in calls.items():
                made.add_metric([name, kind], count)
            with events.lock:
                transitions, answers, ended = events.transitions.copy(), events.answers.copy(), events.probes.copy()
            for (old, new), count in transitions.items():
                moves.add_metric([name, old, new], count)
            for kind in CallKind:  # from 0 on: a counter that begins with 1 has not increased, for Prometheus
                probes.add_metric([name, kind], ended[kind])
            full.add_metric([name], answers[False])
            degraded.add_metric([name], answers[True])
            crowded_out.add_metric([name], now.bulkhead.refused)
            in_flight.add_metric([name], now.bulkhead.in_flight)
            taken.add_metric([name], now.bulkhead.taken)
            allowed.add_metric([name], now.bulkhead.max_concurrent)
        yield from (states, made, moves, probes, refused, crowded_out, full, degraded, in_flight, taken, allowed)


def _counter(name: str, text: str) -> CounterMetricFamily:
    return CounterMetricFamily(name, text, labels=["name"])


def _gauge(name: str, text: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, labels=["name"])
