"""Replicas of one kind, the services that they call, and a load on each."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.processes import BenchServer, assign_ports
from benchmarks.traffic import SEED, Traffic, ready_generator
from benchmarks.under_test.registry import SHARED
from experiment.errors import EnvironmentProblem
from experiment.phases import Phase
from experiment.plan import Closed, Open, Plan
from experiment.run.timeline import Clock
from experiment.waiting import wait_until
from shopkit.direct import direct_session
from shopkit.metrics_reader import Metrics

REPLICAS = 3
COOLDOWN_S = 0.5
DEADLINE_S = 0.6  # of a call to recommendations: with the cooldown, a probe every 1.1 s
SHARING_WITHIN_S = 10.0
ANSWERS_WITHIN_S = 5
GUARD = {"BREAKER_RESET_TIMEOUT_S": str(COOLDOWN_S), "RECOMMENDATIONS_DEADLINE_S": str(DEADLINE_S)}

ALONE = "v2, each alone"
FLEET = "v2, a fleet"
INTERLOCK = "interlock-cb with Redis"


class Replicas:
    """Some gateways, and their dependencies; `sick` is where the path of the first one leads in a poisoned fleet."""

    def __init__(self, kind: str, redis_url: str, number: int = REPLICAS) -> None:
        self.kind = kind
        self.product = BenchServer("product-service", "product_service", "PRODUCT_SERVICE_PORT")
        self.well, self.sick = (
            BenchServer(name, "recommendations_service", "RECOMMENDATIONS_SERVICE_PORT")
            for name in ("recommendations", "sick recommendations")
        )
        self.gateways = [_gateway(kind, f"{kind} {n + 1}", redis_url) for n in range(number)]
        assign_ports(self.servers)
        for gateway in self.gateways:
            self.tell(gateway, self.well)

    @property
    def servers(self) -> list[BenchServer]:
        """All of them, those first that others call."""
        return [self.product, self.well, self.sick, *self.gateways]

    def tell(self, gateway: BenchServer, recommendations: BenchServer) -> None:
        """Tell a gateway, before it starts, where to get its recommendations."""
        addresses = {"PRODUCT_SERVICE_URL": self.product.url, "RECOMMENDATIONS_SERVICE_URL": recommendations.url}
        gateway.settings = {**gateway.settings, **addresses}

    def wait_until_sharing(self) -> None:
        """Return when each replica of a fleet has heard all others.

        Raises:
            EnvironmentProblem: it does not in time.
        """
        if self.kind == FLEET and not wait_until(self._all_share, within_s=SHARING_WITHIN_S):
            raise EnvironmentProblem(f"the replicas have not heard each other within {SHARING_WITHIN_S:g} s")

    def _all_share(self) -> bool:
        fleets = [status_of(gateway)["fleet"] for gateway in self.gateways]
        return all(fleet["sharing"] and len(fleet["others"]) == len(fleets) - 1 for fleet in fleets)


def _gateway(kind: str, name: str, redis_url: str) -> BenchServer:
    if kind == INTERLOCK:
        times = {"UNDER_TEST_DEADLINE_S": str(DEADLINE_S), "UNDER_TEST_COOLDOWN_S": str(COOLDOWN_S)}
        settings = {**SHARED.settings, **times, "UNDER_TEST_REDIS_URL": redis_url}
        return BenchServer(name, SHARED.module, SHARED.port_variable, settings)
    settings = GUARD | ({"CIRCUIT_SHARE_URL": redis_url} if kind == FLEET else {})
    return BenchServer(name, "api_gateway_v2", "API_GATEWAY_V2_PORT", settings)


def status_of(gateway: BenchServer) -> dict[str, Any]:
    """Return the /circuit-status of a gateway that is v2."""
    status: dict[str, Any] = direct_session().get(f"{gateway.url}/circuit-status", timeout=ANSWERS_WITHIN_S).json()
    return status


def total(server: BenchServer, metric: str, **labels: str) -> int:
    """Return the sum of a counter of a server."""
    answer = direct_session().get(f"{server.url}/metrics", timeout=ANSWERS_WITHIN_S)
    answer.raise_for_status()
    return int(Metrics(answer.text, only=(metric.removesuffix("_total"),)).total(metric, **labels))


def hang(recommendations: BenchServer) -> float:
    """Let a recommendations service hang; return when, on the monotonic clock."""
    now_s, url = time.monotonic(), f"{recommendations.url}/faults"
    direct_session().put(url, json={"kind": "hang"}, timeout=ANSWERS_WITHIN_S).raise_for_status()
    return now_s


@contextmanager
def loads(
    gateways: Sequence[BenchServer], load: Closed | Open, duration_s: float, logs: Path
) -> Iterator[list[Traffic]]:
    """Put a load on each gateway, on all at the same time; end it with the block.

    Raises:
        EnvironmentProblem: as `traffic`.
    """
    plan = Plan({Phase.HEALTHY: duration_s}, load, SEED, only="product-details")
    with ExitStack() as stack:
        ready = []
        for number, gateway in enumerate(gateways):
            folder = logs / f"fleet-load-{number}"
            folder.mkdir(parents=True, exist_ok=True)
            ready.append(stack.enter_context(ready_generator(gateway.url, plan, folder)))
        yield [Traffic(generator, Clock(generator.begin()), duration_s) for generator in ready]
