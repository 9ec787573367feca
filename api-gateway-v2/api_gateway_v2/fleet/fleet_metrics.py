"""Prometheus metrics of this replica's part in the fleet; no label names a replica, as those come and go."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api_gateway_v2.fleet.member import Member


class FleetMetrics(Collector):
    """Reads everything at every scrape."""

    def __init__(self, registry: CollectorRegistry, member: Member) -> None:
        """Register in `registry`."""
        self._member = member
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Yield the current metrics."""
        member, fleet = self._member, self._member.fleet
        yield GaugeMetricFamily("circuit_fleet_sharing", "1 while sharing, 0 alone", member.alone_because is None)
        yield GaugeMetricFamily("circuit_fleet_other_replicas", "Other replicas heard of late", len(fleet.others()))
        yield CounterMetricFamily("circuit_fleet_troubles", "Times that sharing has failed", member.troubles)
        yield CounterMetricFamily("circuit_fleet_unreadable_messages", "Of unknown senders", fleet.unreadable)
        opened = CounterMetricFamily(
            "circuit_fleet_early_openings", "Openings because others were OPEN", labels=["name"]
        )
        are_open = GaugeMetricFamily("circuit_fleet_open_replicas", "Others OPEN by themselves", labels=["name"])
        for circuit in fleet.circuits:
            opened.add_metric([circuit.breaker.name], circuit.early_openings)
            are_open.add_metric([circuit.breaker.name], fleet.open_replicas(circuit))
        yield from (opened, are_open)
