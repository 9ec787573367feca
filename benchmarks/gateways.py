"""Whole gateways under load, each in its own processes: their throughput, and what a hang does to them.

Everything but the protection is the same: shopkit, gunicorn's settings, the services that they call, the load.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks.micro import spread
from benchmarks.peers import Interlock, InterlockPipeline, PybreakerCall, PybreakerCalling
from benchmarks.processes import BenchServer, assign_ports, running
from benchmarks.results import Hanging, Healthy, Moderate
from benchmarks.traffic import traffic
from experiment.errors import EnvironmentProblem
from experiment.plan import Closed, Open
from experiment.results.model import RouteResult
from shopkit.direct import direct_session

CONNECTIONS = 32
RECOMMENDATIONS_S = 0.05
PRODUCTS_S = (0.0, 0.02)
WARM_UP_S = 0.3
PATIENCE_S = 2.0  # what the last requests get to be answered
USERS = 100
MODERATE_PER_S = 200
HANG = {"kind": "hang", "delay_s": 30.0}
ANSWERS_WITHIN_S = 5

V1 = "api-gateway-v1"
OURS = "ours"  # as shipped
OURS_FIXED = "ours, a fixed bulkhead of 10"
PEERS = (PybreakerCall.name, PybreakerCalling.name, Interlock.name, InterlockPipeline.name)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long to measure, in seconds."""

    healthy_rounds: int
    healthy_s: float  # each round of each gateway
    hanging_s: float  # each gateway


class BenchShop:
    """The services and all gateways, on ports that are free."""

    def __init__(self) -> None:
        self.product = BenchServer("product-service", "benchmarks.product_stub", "PRODUCT_SERVICE_PORT")
        self.recommendations = BenchServer(
            "recommendations-service", "recommendations_service", "RECOMMENDATIONS_SERVICE_PORT"
        )
        self.gateways = [
            BenchServer(V1, "api_gateway_v1", "API_GATEWAY_V1_PORT"),
            *(
                BenchServer(name, "benchmarks.peer_gateway", "PEER_GATEWAY_PORT", {"PEER_GATEWAY_PROTECTION": name})
                for name in PEERS
            ),
            BenchServer(OURS, "api_gateway_v2", "API_GATEWAY_V2_PORT"),
            BenchServer(OURS_FIXED, "api_gateway_v2", "API_GATEWAY_V2_PORT", {"BULKHEAD_COUNTS": "all"}),
        ]
        assign_ports(self.servers)
        addresses = {
            "PRODUCT_SERVICE_URL": self.product.url,
            "RECOMMENDATIONS_SERVICE_URL": self.recommendations.url,
        }
        for gateway in self.gateways:
            gateway.settings = {**gateway.settings, **addresses}

    @property
    def servers(self) -> list[BenchServer]:
        """All of them, those first that others call."""
        return [self.product, self.recommendations, *self.gateways]

    def slow_down(self, *, product_s: float, recommendations_s: float) -> None:
        """Let the services wait before they answer."""
        _put(f"{self.product.url}/delay", {"delay_s": product_s})
        _put(f"{self.recommendations.url}/faults", {"kind": "slow", "delay_s": recommendations_s})

    def hang(self) -> None:
        """Let recommendations hang, and the product service answer at once."""
        _put(f"{self.product.url}/delay", {"delay_s": 0.0})
        _put(f"{self.recommendations.url}/faults", HANG)


def gateways(sizes: Sizes, logs: Path, console: Console) -> tuple[list[Healthy], list[Moderate], list[Hanging]]:
    """Run every gateway through all three; the logs of their processes go into the folder `logs`.

    Raises:
        EnvironmentProblem: a process does not start or fails, or a healthy gateway answers nothing.
    """
    shop = BenchShop()
    with running(shop.servers, logs):
        well = [result for product_s in PRODUCTS_S for result in _healthy(shop, sizes, product_s, logs, console)]
        shop.slow_down(product_s=0.0, recommendations_s=RECOMMENDATIONS_S)
        compared = [gateway for gateway in shop.gateways if gateway.name in (V1, OURS)]
        moderate = [
            _moderate(gateway, sizes, logs, console)
            for number in range(sizes.healthy_rounds)
            for gateway in _turned(compared, number)
        ]
        shop.hang()
        hung = [_hanging(gateway, sizes, logs, console) for gateway in shop.gateways if gateway.name != OURS_FIXED]
    return well, moderate, hung


@dataclass(frozen=True, slots=True)
class _Round:
    load: RouteResult
    cpu_s: float


def _healthy(shop: BenchShop, sizes: Sizes, product_s: float, logs: Path, console: Console) -> list[Healthy]:
    """Measure all gateways in turn, round after round, so that what this machine does meanwhile hits all alike."""
    shop.slow_down(product_s=product_s, recommendations_s=RECOMMENDATIONS_S)
    rounds: dict[str, list[_Round]] = {gateway.name: [] for gateway in shop.gateways}
    for number in range(sizes.healthy_rounds):
        for gateway in _turned(shop.gateways, number):
            console.print(f"healthy, product {product_s * 1000:.0f} ms, round {number + 1}: {gateway.name}")
            rounds[gateway.name].append(_healthy_round(gateway, sizes.healthy_s, logs))
    return [_healthy_result(name, measured, product_s, sizes) for name, measured in rounds.items()]


def _turned(servers: list[BenchServer], number: int) -> Iterable[BenchServer]:
    return servers if number % 2 == 0 else reversed(servers)


def _healthy_round(gateway: BenchServer, duration_s: float, logs: Path) -> _Round:
    before_s = gateway.cpu_s()
    with traffic(gateway.url, Closed(CONNECTIONS, pause_s=(0.0, 0.0)), WARM_UP_S + duration_s, logs) as load:
        load.wait_for_end(PATIENCE_S)
        result = load.result(WARM_UP_S)
    if result.latency.answered is None:
        raise EnvironmentProblem(
            f"{gateway.name} answered nothing in {duration_s:g} s, so there is nothing to compare; "
            f"see the logs in {logs}, or try again when this machine is less busy"
        )
    return _Round(result, gateway.cpu_s() - before_s)


def _healthy_result(gateway: str, rounds: list[_Round], product_s: float, sizes: Sizes) -> Healthy:
    loads = [measured.load for measured in rounds]
    count = sum(load.accounts.scheduled for load in loads)
    # the warm-up's answers are not counted, but cost as much
    answers = sum(load.answered_per_s for load in loads) * (WARM_UP_S + sizes.healthy_s)
    return Healthy(
        gateway=gateway,
        product_s=product_s,
        recommendations_s=RECOMMENDATIONS_S,
        connections=CONNECTIONS,
        requests=count,
        full_per_s=spread([load.accounts.full / sizes.healthy_s for load in loads], 1),
        p50_ms=spread([load.latency.answered.p50_ms for load in loads if load.latency.answered], 1),
        degraded_share=round(sum(load.accounts.degraded for load in loads) / count, 3),
        failed=sum(load.accounts.failed + load.accounts.unanswered for load in loads),
        cpu_ms_per_answer=round(1000 * sum(measured.cpu_s for measured in rounds) / answers, 2),
    )


def _moderate(gateway: BenchServer, sizes: Sizes, logs: Path, console: Console) -> Moderate:
    console.print(f"healthy, {MODERATE_PER_S} requests/s: {gateway.name}")
    with traffic(gateway.url, Open(MODERATE_PER_S), WARM_UP_S + 2 * sizes.healthy_s, logs) as load:
        load.wait_for_end(PATIENCE_S)
        result = load.result(WARM_UP_S)
    return Moderate(gateway=gateway.name, rate_per_s=MODERATE_PER_S, load=result)


def _hanging(gateway: BenchServer, sizes: Sizes, logs: Path, console: Console) -> Hanging:
    console.print(f"recommendations hang: {gateway.name}")
    with traffic(gateway.url, Closed(USERS), sizes.hanging_s, logs) as load:
        load.wait_for_end(PATIENCE_S)
        result = load.result(warm_up_s=0.0)
    return Hanging(gateway=gateway.name, users=USERS, duration_s=sizes.hanging_s, load=result)


def _put(url: str, body: dict[str, object]) -> None:
    direct_session().put(url, json=body, timeout=ANSWERS_WITHIN_S).raise_for_status()
