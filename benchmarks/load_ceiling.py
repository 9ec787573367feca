"""`run_demo.py bench --load`: how many requests a second the load generator makes, alone and shared among workers.

The stub that it asks answers at once. All share the machine, so that the rate grows only while there are cores; the
processor time of a request says what a worker makes on a core of its own.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console

from benchmarks.processes import BenchServer, assign_ports, running
from benchmarks.traffic import SEED, planned_traffic
from experiment.paths import ROOT
from experiment.phases import Phase
from experiment.plan import Closed, Plan, Workers
from report.quantities import number
from report.table.model import Table
from report.table.terminal import rich_table

USERS = 32  # for each worker, and none pauses
DURATION_S = 8.0
WORKERS = (0, 1, 2, 4)  # 0: one process without a master


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What one generator made."""

    workers: int
    per_s: float  # requests that were answered
    failed: int
    worker_us: float  # processor time of a request, in the process that makes it
    master_us: float  # and in the master
    stub_cores: float


def load_ceiling() -> int:
    """Measure and print the ceilings; return 0.

    Raises:
        EnvironmentProblem: a process does not start, or ends.
    """
    console = Console()
    with console.status("the load generator against a stub"):
        found = ceilings(WORKERS, DURATION_S, ROOT / "results" / "logs")
    console.print(rich_table(_table(found)))
    return 0


def ceilings(counts: Sequence[int], duration_s: float, logs: Path) -> list[Ceiling]:
    """Return the ceiling of each number of workers; raise as `load_ceiling` does."""
    stub = BenchServer("stub shop", "benchmarks.stub_shop", "STUB_SHOP_PORT")
    assign_ports([stub])
    with running([stub], logs):
        return [_ceiling(stub, count, duration_s, logs) for count in counts]


def _ceiling(stub: BenchServer, count: int, duration_s: float, logs: Path) -> Ceiling:
    load = Closed(USERS * max(1, count), pause_s=(0.0, 0.0))
    plan = Plan({Phase.HEALTHY: duration_s}, load, SEED, workers=Workers(count) if count else None)
    with planned_traffic(stub.url, plan, logs) as traffic:
        generator = traffic.generator
        before_s, stub_before_s = _used_s(generator.pids), stub.cpu_s()
        traffic.wait_for_end(patience_s=0.0)
        master_s, *workers_s = (b - a for a, b in zip(before_s, _used_s(generator.pids), strict=True))
        stub_s = stub.cpu_s() - stub_before_s
    result = traffic.result(warm_up_s=0.0)
    made = result.accounts.scheduled
    return Ceiling(
        workers=count,
        per_s=result.answered_per_s,
        failed=result.accounts.failed,
        worker_us=(sum(workers_s) if count else master_s) / made * 1e6,
        master_us=master_s / made * 1e6 if count else 0.0,
        stub_cores=stub_s / duration_s,
    )


def _used_s(pids: Sequence[int]) -> list[float]:
    return [times.user + times.system for times in (psutil.Process(pid).cpu_times() for pid in pids)]


def _table(found: Sequence[Ceiling]) -> Table:
    columns = ["workers", "requests/s", "failed", "µs each", "in the master", "/s on a core", "stub, cores"]
    rows = [
        [
            str(one.workers) if one.workers else "none",
            number(one.per_s, 0),
            str(one.failed),
            number(one.worker_us, 0),
            number(one.master_us, 0) if one.workers else "",
            number(1e6 / one.worker_us, 0),
            number(one.stub_cores, 2),
        ]
        for one in found
    ]
    return Table(f"The load generator against a stub, {os.cpu_count()} CPUs for everything", columns, rows)
