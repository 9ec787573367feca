"""The accounts of the load against those of the services: what one counts as asked, the other counts as answered."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from experiment.engines.services import GATEWAYS, RECOMMENDATIONS, Service
from experiment.errors import EnvironmentProblem
from experiment.outcomes import Outcome, Route
from experiment.phases import Phase
from experiment.report import AccountCheck
from experiment.requests_file import RequestRow
from experiment.shop import Metrics, Shop
from experiment.summary import of_route

READ_WITHIN_S = 2.0
RULES = {Route.PRODUCT_DETAILS: "/product-details/<product_id>", Route.CATALOGUE: "/products/<product_id>"}
NAMES = {Route.PRODUCT_DETAILS: "product pages", Route.CATALOGUE: "catalogue pages"}
MADE_A_CALL = (200, 500)  # what v1 answers once it has called recommendations; 502 and 504 come before


@dataclass(frozen=True, slots=True)
class Counts:
    """What the services had counted at one moment; a service that did not answer is missing."""

    metrics: Mapping[Service, Metrics]
    circuit: dict[str, Any] | None

    def calls(self, gateway: Service, fault: str | None = None) -> int | None:
        """Return the calls of a gateway that had reached recommendations; `fault` "none": while it was healthy."""
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
    """Ask services what they have counted; one that is stuck is waited for a short time only."""
    metrics: dict[Service, Metrics] = {}
    circuit = None
    for service in services:
        with suppress(EnvironmentProblem):
            metrics[service] = shop.metrics(service, READ_WITHIN_S)
    with suppress(EnvironmentProblem):
        circuit = shop.circuit()
    return Counts(metrics, circuit)


def minus(after: int | None, before: int | None) -> int | None:
    """Return how much was added; None where one of the two is not known."""
    return None if after is None or before is None else after - before


@dataclass(slots=True)
class Ledger:
    """The counts before the load, just before the fault was taken out (if it ever was), and after the load."""

    before: Counts
    at_heal: Counts | None
    after: Counts | None

    def calls(self, gateway: Service) -> int | None:
        """Return the calls of a gateway that reached recommendations in the whole run."""
        return minus(_calls(self.after, gateway), self.before.calls(gateway))

    def calls_in(self, phase: Phase, gateway: Service) -> int | None:
        """Return the calls that reached recommendations in a phase, by what was wrong with it when they came."""
        before = self.before.calls(gateway, "none")
        healthy = minus(_calls(self.after, gateway, "none"), before)
        if phase is Phase.FAULT:
            return minus(self.calls(gateway), healthy)
        first = minus(_calls(self.at_heal or self.after, gateway, "none"), before)
        return first if phase is Phase.HEALTHY else minus(healthy, first)

    def checks(self, rows: Mapping[Service, list[RequestRow]]) -> list[AccountCheck]:
        """Compare all that is counted twice."""
        if self.after is None:
            return []
        checks = [self._answered(gateway, route, rows[gateway]) for gateway in GATEWAYS for route in Route]
        v1, v2 = GATEWAYS
        return [*checks, self._calls_of_v1(v1, rows[v1]), *self._calls_of_v2(v2)]

    def _answered(self, gateway: Service, route: Route, rows: Iterable[RequestRow]) -> AccountCheck:
        of_this = of_route(rows, route)
        got_answer = sum(bool(row.status) for row in of_this)
        given_up = sum(row.outcome is not Outcome.UNSENT for row in of_this) - got_answer
        after = self.after.answered(gateway, route) if self.after else None
        what = f"{NAMES[route]} that {gateway.name} answered"
        return check(what, got_answer, minus(after, self.before.answered(gateway, route)), given_up)

    def _calls_of_v1(self, gateway: Service, rows: Iterable[RequestRow]) -> AccountCheck:
        """Every product page of v1 makes a call, unless the product service fails."""
        pages = [row for row in of_route(rows, Route.PRODUCT_DETAILS) if row.outcome is not Outcome.UNSENT]
        made = sum(row.status in MADE_A_CALL for row in pages)
        return check(
            f"calls of {gateway.name} that reached recommendations", made, self.calls(gateway), len(pages) - made
        )

    def _calls_of_v2(self, gateway: Service) -> list[AccountCheck]:
        """The calls that v2's guard let through: settled, or still on their way."""
        if not (self.after and self.after.circuit and self.before.circuit):
            return []
        settled = _settled(self.after.circuit) - _settled(self.before.circuit)
        on_the_way = self.after.circuit["in_flight"] + (self.after.circuit["state"] == "HALF-OPEN")
        return [
            check(f"calls of {gateway.name} that reached recommendations", settled, self.calls(gateway), on_the_way)
        ]


def _calls(counts: Counts | None, gateway: Service, fault: str | None = None) -> int | None:
    return counts.calls(gateway, fault) if counts else None


def _settled(circuit: dict[str, Any]) -> int:
    calls = circuit["calls"]
    return int(calls["successful"] + calls["failed"] + calls["late"])


def check(what: str, caller: int, service: int | None, tolerance: int) -> AccountCheck:
    """Compare one count, made twice."""
    held = None if service is None else caller <= service <= caller + tolerance
    return AccountCheck(what=what, caller=caller, service=service, tolerance=tolerance, held=held)
