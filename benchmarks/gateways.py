"""Whole gateways under load, each in its own processes: their throughput, and what a hang does to them.

Everything but the protection is the same: shopkit, gunicorn's settings, the services that they call, the load.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks.micro import spread
from benchmarks.processes import BenchServer, running
from benchmarks.results import Hanging, Healthy, Moderate
from benchmarks.traffic import traffic
from benchmarks.under_test.registry import GUARD, GUARD_FIXED, NONE, GatewayUnderTest
from benchmarks.under_test.shop import ShopUnderTest
from experiment.errors import EnvironmentProblem
from experiment.plan import Closed, Open
from experiment.results.model import RouteResult

CONNECTIONS = 32
RECOMMENDATIONS_S = 0.05
PRODUCTS_S = (0.0, 0.02)
WARM_UP_S = 0.3
PATIENCE_S = 2.0  # what the last requests get to be answered
USERS = 100
MODERATE_PER_S = 200
HANG = {"kind": "hang", "delay_s": 30.0}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long to measure, in seconds."""

    healthy_rounds: int
    healthy_s: float  # each round of each gateway
    hanging_s: float  # each gateway


def gateways(
    sizes: Sizes, logs: Path, console: Console, compared: Iterable[GatewayUnderTest]
) -> tuple[list[Healthy], list[Moderate], list[Hanging]]:
    """Run every gateway through all three; the logs of their processes go into the folder `logs`.

    Raises:
        EnvironmentProblem: a process does not start or fails, or a healthy gateway answers nothing.
    """
    shop = ShopUnderTest(compared)
    with running(shop.servers, logs):
        well = [result for product_s in PRODUCTS_S for result in _healthy(shop, sizes, product_s, logs, console)]
        shop.slow_down(product_s=0.0, recommendations_s=RECOMMENDATIONS_S)
        pair = [server for gateway, server in shop.gateways.items() if gateway in (NONE, GUARD)]
        moderate = [
            _moderate(server, sizes, logs, console)
            for number in range(sizes.healthy_rounds)
            for server in _turned(pair, number)
        ]
        shop.inject(HANG)
        hung = [
            _hanging(shop, gateway, sizes, logs, console) for gateway in shop.gateways if gateway is not GUARD_FIXED
        ]
    return well, moderate, hung


@dataclass(frozen=True, slots=True)
class _Round:
    load: RouteResult
    cpu_s: float


def _healthy(shop: ShopUnderTest, sizes: Sizes, product_s: float, logs: Path, console: Console) -> list[Healthy]:
    """Measure all gateways in turn, round after round, so that what this machine does meanwhile hits all alike."""
    shop.slow_down(product_s=product_s, recommendations_s=RECOMMENDATIONS_S)
    servers = list(shop.gateways.values())
    rounds: dict[str, list[_Round]] = {server.name: [] for server in servers}
    for number in range(sizes.healthy_rounds):
        for server in _turned(servers, number):
            console.print(f"healthy, product {product_s * 1000:.0f} ms, round {number + 1}: {server.name}")
            rounds[server.name].append(_healthy_round(server, sizes.healthy_s, logs))
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


def _hanging(shop: ShopUnderTest, gateway: GatewayUnderTest, sizes: Sizes, logs: Path, console: Console) -> Hanging:
    console.print(f"recommendations hang: {gateway.name}")
    before = shop.calls()[gateway]
    with traffic(shop.gateways[gateway].url, Closed(USERS), sizes.hanging_s, logs) as load:
        load.wait_for_end(PATIENCE_S)
        result = load.result(warm_up_s=0.0)
    calls = shop.calls()[gateway] - before
    return Hanging(gateway=gateway.name, users=USERS, duration_s=sizes.hanging_s, load=result, calls=calls)
