"""`run_demo.py bench --fleet`: measure the fleet, print the results, and write them to results/."""

import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import get_args

from rich.console import Console

from benchmarks.fleet.replicas import (
    ALONE,
    FLEET,
    INTERLOCK,
    Replicas,
    hang,
    loads,
    status_of,
    total,
)
from benchmarks.fleet.results import FleetBenchmark, Outage, Poison, Trouble, What
from benchmarks.fleet.tables import print_fleet
from benchmarks.processes import BenchServer, running
from benchmarks.redis_server import RedisServer, redis_running
from experiment.errors import EnvironmentProblem
from experiment.paths import ROOT
from experiment.plan import Closed, Open
from experiment.results.model import RouteResult
from experiment.services import HOST
from report.console import stdout_console

RESULTS = ROOT / "results"
JSON = RESULTS / "fleet.json"
WIDTH = 140  # of the tables, when the output is not a terminal
KINDS = (FLEET, ALONE, INTERLOCK)
WHATS: tuple[What, ...] = get_args(What)
USERS = 10  # at each replica: about 6 pages a second
WELL_S = 2.0
FAULT_S = 30.0
POISON_S = 6.0
RATE_PER_S = 20  # at each replica, while Redis is in trouble
TROUBLE_S = 4.0
TROUBLE_AFTER_S = 2.0
PAIRS = 2000  # of single requests
PATIENCE_S = 2.0
ANSWERS_WITHIN_S = 5


def run() -> int:
    """Run the measurements of the fleet; return 0."""
    console, logs = stdout_console(), RESULTS / "logs"
    if not console.is_terminal:
        console.width = WIDTH
    with redis_running(logs / "bench-redis-server.log") as redis:
        benchmark = FleetBenchmark(
            outages=[outage(kind, redis, logs, console) for kind in KINDS],
            poisons=[poison(kind, redis, logs, console) for kind in (FLEET, INTERLOCK)],
            troubles=troubles(redis, logs, console),
        )
    benchmark.write(JSON)
    print_fleet(console, benchmark)
    console.print(f"Written: {JSON}", soft_wrap=True)
    return 0


def outage(kind: str, redis: RedisServer, logs: Path, console: Console, fault_s: float = FAULT_S) -> Outage:
    """Let the dependency of all replicas hang, and count the calls that reach it.

    Raises:
        EnvironmentProblem: a process does not start, or a circuit does not open.
    """
    console.print(f"the dependency hangs: {kind}")
    replicas = Replicas(kind, _afresh(redis))
    with _started(replicas, logs), loads(replicas.gateways, Closed(USERS), WELL_S + fault_s, logs):
        time.sleep(WELL_S)
        began_s, is_v2 = hang(replicas.well), kind != INTERLOCK
        time.sleep(fault_s)
        calls = total(replicas.well, "recommendations_calls_total", fault="hang")
        opened_s = [_opened_at_s(gateway, began_s) - began_s for gateway in replicas.gateways] if is_v2 else None
        probes = sum(total(gateway, "circuitbreaker_probes_total") for gateway in replicas.gateways) if is_v2 else None
    return Outage(
        kind=kind,
        replicas=len(replicas.gateways),
        users=USERS,
        fault_s=fault_s,
        calls=calls,
        probes=probes,
        fault_to_open_s=opened_s and [round(at_s, 3) for at_s in sorted(opened_s)],
    )


@contextmanager
def _started(replicas: Replicas, logs: Path) -> Iterator[None]:
    with running(replicas.servers, logs):
        replicas.wait_until_sharing()
        yield


def _afresh(redis: RedisServer) -> str:
    """Wipe the server, so that no kind finds what another has left; return its address."""
    redis.ask("FLUSHALL")
    return redis.url


def _opened_at_s(gateway: BenchServer, began_s: float) -> float:
    """Return when a circuit first opened after the fault began, by the ages that its gateway tells."""
    changes, now_s = status_of(gateway)["transitions"], time.monotonic()
    opened_s: list[float] = [now_s - change["age_s"] for change in changes if change["from"] == "CLOSED"]
    since = [at_s for at_s in opened_s if at_s >= began_s]
    if not since:
        raise EnvironmentProblem(f"the circuit of {gateway.name} has not opened")
    return since[0]


def poison(kind: str, redis: RedisServer, logs: Path, console: Console, fault_s: float = POISON_S) -> Poison:
    """Let the path of the first replica hang, and see what the others answer.

    Raises:
        EnvironmentProblem: a process does not start.
    """
    console.print(f"one replica's path is sick: {kind}")
    replicas = Replicas(kind, _afresh(redis))
    replicas.tell(replicas.gateways[0], replicas.sick)
    with _started(replicas, logs), loads(replicas.gateways, Closed(USERS), WELL_S + fault_s, logs) as begun:
        time.sleep(WELL_S)
        since_s = begun[0].clock.now_s()
        hang(replicas.sick)
        for load in begun:
            load.wait_for_end(PATIENCE_S)
        others = [load.result(since_s) for load in begun[1:]]
    return Poison(kind=kind, fault_s=fault_s, others=others)


def troubles(redis: RedisServer, logs: Path, console: Console) -> list[Trouble]:
    """Put Redis in trouble under a load on a fleet whose dependency is well.

    Raises:
        EnvironmentProblem: a process does not start.
    """
    replicas, without = Replicas(FLEET, _afresh(redis)), Replicas(ALONE, redis.url, number=1)
    (reference,) = without.gateways
    without.product = replicas.product
    without.tell(reference, replicas.well)
    with running([*replicas.servers, reference], logs):
        replicas.wait_until_sharing()
        results = []
        for what in WHATS:
            console.print(f"Redis: {what}")
            answers = _under_load(replicas, partial(_bring_about, what, redis), logs)
            results.append(_trouble(what, answers, *_in_turns(replicas.gateways[0], reference)))
    return results


def _bring_about(what: What, redis: RedisServer) -> None:
    if what == "hangs":
        redis.suspend()
    elif what == "killed":
        redis.resume()
        redis.kill()


def _under_load(replicas: Replicas, trouble: Callable[[], None], logs: Path) -> list[RouteResult]:
    with loads(replicas.gateways, Open(RATE_PER_S), TROUBLE_S, logs) as begun:
        time.sleep(TROUBLE_AFTER_S)
        trouble()
        for load in begun:
            load.wait_for_end(PATIENCE_S)
        return [load.result(0.0) for load in begun]


def _trouble(what: What, answers: list[RouteResult], sharing: list[float], not_sharing: list[float]) -> Trouble:
    return Trouble(
        what=what,
        loads=answers,
        sharing_p50_ms=_quantile(sharing, 50),
        sharing_p99_ms=_quantile(sharing, 99),
        not_sharing_p50_ms=_quantile(not_sharing, 50),
        not_sharing_p99_ms=_quantile(not_sharing, 99),
    )


def _in_turns(one: BenchServer, other: BenchServer) -> tuple[list[float], list[float]]:
    """Return the times of requests to both, one by one in turn, so that what else this machine does hits both."""
    times_ms: tuple[list[float], list[float]] = ([], [])
    with closing(_connect(one)) as first, closing(_connect(other)) as second:
        for _ in range(PAIRS):
            times_ms[0].append(_time_ms(first))
            times_ms[1].append(_time_ms(second))
    return times_ms


def _connect(server: BenchServer) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(HOST, server.port, timeout=ANSWERS_WITHIN_S)


def _time_ms(connection: http.client.HTTPConnection) -> float:
    started_s = time.perf_counter()
    connection.request("GET", "/product-details/1")
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise EnvironmentProblem(f"a gateway answered {answer.status}")
    return 1000 * (time.perf_counter() - started_s)


def _quantile(times_ms: list[float], percent: int) -> float:
    return round(quantiles(times_ms, n=100)[percent - 1], 2)
