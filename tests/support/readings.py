"""What the services of a shop tell, made up."""

from collections.abc import Sequence
from typing import Any

from experiment.errors import EnvironmentProblem
from experiment.run.shop import Shop
from experiment.services import GATEWAY_V2, GATEWAYS, PRODUCT, RECOMMENDATIONS, Service
from shopkit.metrics_reader import Metrics

GUARD = {
    "fail_max": 3,
    "failure_rate": None,
    "slow_call_rate": None,
    "reset_timeout_s": 10.0,
    "deadline_s": 2.0,
    "patience_s": 0.9,
    "slow_call_s": 0.5,
    "bulkhead": {"max_concurrent": 10, "overdue_after_s": None},
}


def metrics(*lines: str) -> Metrics:
    """Return a reading of /metrics with these lines."""
    return Metrics("".join(f"{line}\n" for line in lines))


def calls_metrics(gateway: str, healthy: int, hang: int = 0, useless: int = 0) -> Metrics:
    """Return a reading of the recommendations service: the calls of a gateway that found it healthy, or hanging."""
    name = f'recommendations_calls_total{{caller="{gateway}",fault='
    work = f'recommendations_work_total{{caller="{gateway}",awaited='
    return metrics(
        f'{name}"none"}} {healthy}',
        f'{name}"hang"}} {hang}',
        f'{work}"yes"}} {healthy}',
        f'{work}"no"}} {useless}',
        "recommendations_waiting_calls 1.0",
    )


def gateway_metrics(pages: int = 0, catalogue: int = 0, in_flight: int = 1, threads: int = 64) -> Metrics:
    """Return a reading of a gateway: the pages that it has answered, and its threads."""
    return metrics(
        f'http_requests_total{{route="/product-details/<product_id>",status="200"}} {pages}',
        f'http_requests_total{{route="/products/<product_id>",status="200"}} {catalogue}',
        f"http_requests_in_flight {in_flight}",
        f"http_threads {threads}",
    )


def circuit(state: str = "CLOSED", *, in_flight: int = 0, **calls: int) -> dict[str, Any]:
    """Return a /circuit-status."""
    counted = {"successful": 0, "failed": 0, "ignored": 0, "late": 0, "short_circuited": 0} | calls
    status = GUARD | {"state": state, "in_flight": in_flight, "calls": counted, "transitions": []}
    return status | {"circuits": [status], "fleet": None}


class FakeShop(Shop):
    """A shop in which nothing happens but that a fault comes and goes; what is done to it is in `done`."""

    def __init__(self, fault: dict[str, Any] | None = None, *, replicas: Sequence[Service] = ()) -> None:
        urls = dict.fromkeys((*GATEWAYS, *replicas, RECOMMENDATIONS, PRODUCT), "http://127.0.0.1:9")
        super().__init__(urls, replicas=replicas)
        self.found: dict[Service, dict[str, Any] | None] = {RECOMMENDATIONS: fault}
        self.done: list[str] = []  # to recommendations
        self.silent: set[Service] = set()

    def fault(self, service: Service) -> dict[str, Any] | None:
        """Return what was found, or put in since."""
        return self.found.get(service)

    def set_fault(self, service: Service, fault: dict[str, Any] | None) -> None:
        """Note it."""
        self.found[service] = fault
        if service is RECOMMENDATIONS:
            self.done.append(str(fault["kind"]) if fault else "healthy")

    def circuit(self, of: Service = GATEWAY_V2) -> dict[str, Any]:
        """Return a circuit that is CLOSED, unless the gateway is silent."""
        if of in self.silent and of != GATEWAY_V2:
            raise EnvironmentProblem(f"{of.name}: no answer")
        return circuit()

    def metrics(self, service: Service, within_s: float = 0.0) -> Metrics:
        """Return a reading of nothing, unless the service is silent."""
        if service in self.silent:
            raise EnvironmentProblem(f"{service.name}: no answer within {within_s} s")
        return gateway_metrics() if service in GATEWAYS else calls_metrics("api-gateway-v1", 0)
