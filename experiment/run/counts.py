"""The services' own counters, read before the load, when the fault is removed, and after the load."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from experiment.errors import EnvironmentProblem
from experiment.phases import Phase
from experiment.run.shop import Shop
from experiment.services import GATEWAYS, RECOMMENDATIONS, Service
from load.outcomes import Route
from shopkit.metrics_reader import Metrics

READ_WITHIN_S = 2.0
RULES = {Route.PRODUCT_DETAILS: "/product-details/<product_id>", Route.CATALOGUE: "/products/<product_id>"}


@dataclass(frozen=True, slots=True)
class Counts:
    """The counters at one moment; a service that did not answer is missing."""

    metrics: Mapping[Service, Metrics]
    circuits: Mapping[Service, dict[str, Any]]

    def calls(self, gateway: Service, fault: str | None = None) -> int | None:
        """Return how many calls of a gateway reached recommendations; with `fault`, only those that the fault hit."""
        labels = {"caller": gateway.name} | ({} if fault is None else {"fault": fault})
        return self.total(RECOMMENDATIONS, "recommendations_calls_total", **labels)

    def answered(self, gateway: Service, route: Route) -> int | None:
        """Return how many requests for a route a gateway had answered."""
        return self.total(gateway, "http_requests_total", route=RULES[route])

    def total(self, service: Service, name: str, **labels: str) -> int | None:
        """Return a count of a service."""
        metrics = self.metrics.get(service)
        return None if metrics is None else round(metrics.total(name, **labels))


def read_counts(shop: Shop, services: Iterable[Service] = (RECOMMENDATIONS, *GATEWAYS)) -> Counts:
    """Read the counters of services; wait at most READ_WITHIN_S for one that is stuck.

    Read the circuits and recommendations first and in direct succession, so that no probe is likely in between and the
    calls that v2 made are the calls that recommendations counted.
    """
    metrics: dict[Service, Metrics] = {}
    circuits: dict[Service, dict[str, Any]] = {}
    for of in shop.circuits:
        with suppress(EnvironmentProblem):
            circuits[of] = shop.circuit(of)
    for service in services:
        with suppress(EnvironmentProblem):
            metrics[service] = shop.metrics(service, READ_WITHIN_S)
    return Counts(metrics, circuits)


def minus(after: int | None, before: int | None) -> int | None:
    """Return the difference, or None if one of the two is unknown or the service has restarted in between."""
    return None if after is None or before is None or after < before else after - before


@dataclass(slots=True)
class Ledger:
    """The counts before the load, just before the fault was removed (None if it was not), and after the load.

    A fault of recommendations labels the calls that it hits. Other faults do not, and then the counts just before the
    fault tell the phases apart.
    """

    before: Counts
    at_heal: Counts | None
    after: Counts | None
    at_fault: Counts | None = None
    is_labelled: bool = True

    def calls(self, gateway: Service) -> int | None:
        """Return the calls of a gateway that reached recommendations in the whole run."""
        return minus(_calls(self.after, gateway), self.before.calls(gateway))

    def calls_in(self, phase: Phase, gateway: Service) -> int | None:
        """Return the calls that reached recommendations in a phase."""
        if not self.is_labelled:
            return self._calls_between(phase, gateway)
        before = self.before.calls(gateway, "none")
        healthy = minus(_calls(self.after, gateway, "none"), before)
        if phase is Phase.FAULT:
            return minus(self.calls(gateway), healthy)
        first = minus(_calls(self.at_heal or self.after, gateway, "none"), before)
        return first if phase is Phase.HEALTHY else minus(healthy, first)

    def _calls_between(self, phase: Phase, gateway: Service) -> int | None:
        until_fault, until_heal = self.at_fault or self.before, self.at_heal or self.after
        from_, to = {
            Phase.HEALTHY: (self.before, self.at_fault or self.after),
            Phase.FAULT: (until_fault, until_heal),
            Phase.RECOVERY: (until_heal, self.after),
        }[phase]
        return minus(_calls(to, gateway), _calls(from_, gateway))


def _calls(counts: Counts | None, gateway: Service, fault: str | None = None) -> int | None:
    return counts.calls(gateway, fault) if counts else None
