"""`run_demo.py bench --soak`: v2 for 20 minutes under faults of every kind. It must fail nothing and keep nothing."""

import random
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import psutil
import requests
from rich.console import Console

from benchmarks.processes import BenchServer, assign_ports, running
from benchmarks.traffic import Traffic, traffic
from experiment.paths import ROOT
from experiment.plan import Open
from experiment.waiting import wait_until
from report.table.model import Table
from report.table.terminal import rich_table

MINUTES = 20
RATE_PER_S = 85  # more than 100,000 requests in all
POOLED_CONNECTIONS = 64 + 64  # to the product service and to recommendations, which the gateway keeps open
FAULT_S = 8.0
WELL_S = 4.0
COOLDOWN_S = 2.0
SEED = 1
MEMORY_GROWTH = 0.05
SETTLED_WITHIN_S = 90.0  # longer than an idle connection is kept
ANSWERS_WITHIN_S = 5
FAULTS: list[dict[str, Any]] = [
    {"kind": "hang"},
    {"kind": "hang", "rate": 0.3},
    {"kind": "slow", "delay_s": 0.2},
    {"kind": "slow", "delay_s": 3},
    {"kind": "error", "status": 500},
    {"kind": "error", "status": 503, "rate": 0.5},
    {"kind": "malformed"},
    {"kind": "drip", "interval_s": 0.1},
]
CROWD = {"kind": "slow", "delay_s": 0.3}
VISITORS = 128  # twice the threads of the gateway
CROWDS = 3


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the gateway's worker holds at one moment."""

    memory_mb: float
    threads: int
    descriptors: int
    connections: int


def soak() -> int:
    """Run the soak and print what it found; return 0 when nothing failed and nothing was kept, else 1.

    Raises:
        EnvironmentProblem: A process does not start or ends.
    """
    logs, console = ROOT / "results" / "logs", Console()
    product = BenchServer("product-service", "product_service", "PRODUCT_SERVICE_PORT")
    sick = BenchServer("recommendations-service", "recommendations_service", "RECOMMENDATIONS_SERVICE_PORT")
    gateway = BenchServer("api-gateway-v2", "api_gateway_v2", "API_GATEWAY_V2_PORT")
    assign_ports([product, sick, gateway])
    gateway.settings = {
        "PRODUCT_SERVICE_URL": product.url,
        "RECOMMENDATIONS_SERVICE_URL": sick.url,
        "BREAKER_RESET_TIMEOUT_S": str(COOLDOWN_S),
    }
    with running([product, sick, gateway], logs):
        with traffic(gateway.url, Open(RATE_PER_S), MINUTES * 60.0, logs) as load:
            for fault in FAULTS:  # so that caches are full, and every thread that there can be has started
                _inject(sick, fault)
            _busy_every_thread(sick, gateway)
            before = _holdings(gateway)
            injected = len(FAULTS) + _break_and_heal(sick, gateway, load, console)
            load.wait_for_end(patience_s=5.0)
            result = load.result(warm_up_s=0.0)
        is_settled = wait_until(lambda: _is_back(before, _holdings(gateway)), within_s=SETTLED_WITHIN_S, every_s=1.0)
        after = _holdings(gateway)
    accounts = result.accounts
    console.print(f"{accounts.scheduled:,} requests, {injected} faults: {accounts.model_dump_json()}", soft_wrap=True)
    first = asdict(before)
    rows = [(name.replace("_", " "), f"{first[name]:g}", f"{value:g}") for name, value in asdict(after).items()]
    console.print(rich_table(Table("The worker of v2", ("", "after each fault once", "at the end"), rows)))
    held = is_settled and accounts.failed == accounts.unanswered == accounts.unsent == 0
    console.print("nothing failed, nothing was kept" if held else "[bold red]SOMETHING FAILED OR WAS KEPT[/]")
    return 0 if held else 1


def _break_and_heal(sick: BenchServer, gateway: BenchServer, load: Traffic, console: Console) -> int:
    """Inject one fault after the other, with a break after each, until the load ends; return how many."""
    rng = random.Random(SEED)  # noqa: S311 - an order of faults
    injected = 0
    while load.clock.now_s() < load.duration_s - FAULT_S - WELL_S:
        fault = rng.choice(FAULTS)
        memory_mb = _holdings(gateway).memory_mb
        console.print(f"{load.clock.now_s():6.0f} s  {memory_mb:6.1f} MB  {fault}", highlight=False, soft_wrap=True)
        _inject(sick, fault)
        injected += 1
    return injected


def _inject(sick: BenchServer, fault: dict[str, Any]) -> None:
    """Inject a fault, heal it after a while, and let the circuit close."""
    requests.put(f"{sick.url}/faults", json=fault, timeout=ANSWERS_WITHIN_S).raise_for_status()
    time.sleep(FAULT_S)
    _heal(sick)


def _heal(sick: BenchServer) -> None:
    requests.delete(f"{sick.url}/faults", timeout=ANSWERS_WITHIN_S).raise_for_status()
    time.sleep(WELL_S)


def _busy_every_thread(sick: BenchServer, gateway: BenchServer) -> None:
    """Give every thread of the gateway work at the same time: each keeps the memory that its first work takes."""
    requests.put(f"{sick.url}/faults", json=CROWD, timeout=ANSWERS_WITHIN_S).raise_for_status()
    with ThreadPoolExecutor(VISITORS) as visitors:
        for _ in range(CROWDS):
            page = partial(requests.get, f"{gateway.url}/product-details/1", timeout=ANSWERS_WITHIN_S)
            wait([visitors.submit(page) for _ in range(VISITORS)])
    _heal(sick)


def _holdings(gateway: BenchServer) -> Holdings:
    assert gateway.process is not None  # noqa: S101 - a server is asked while it runs
    (worker,) = psutil.Process(gateway.process.pid).children()
    return Holdings(
        memory_mb=round(worker.memory_info().rss / 1e6, 1),
        threads=worker.num_threads(),
        descriptors=worker.num_fds(),
        connections=len(worker.net_connections("tcp")),
    )


def _is_back(before: Holdings, now: Holdings) -> bool:
    """Return whether the worker holds no more than after the first faults, but for its pools of connections."""
    return (
        now.memory_mb <= before.memory_mb * (1 + MEMORY_GROWTH)
        and now.threads <= before.threads
        and now.descriptors - now.connections <= before.descriptors - before.connections
        and now.connections <= max(before.connections, POOLED_CONNECTIONS)
    )
