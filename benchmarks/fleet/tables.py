"""The results of the fleet as tables on the terminal."""

from collections.abc import Iterator

from rich.console import Console

from benchmarks.fleet.replicas import ALONE
from benchmarks.fleet.results import FleetBenchmark, Outage, Poison, Trouble
from report.quantities import count, milliseconds, number, seconds, share
from report.table.model import Table
from report.table.terminal import rich_table


def print_fleet(console: Console, benchmark: FleetBenchmark) -> None:
    """Print every table."""
    for table in _tables(benchmark):
        console.print(rich_table(table))


def _tables(benchmark: FleetBenchmark) -> Iterator[Table]:
    yield _outages(benchmark.outages)
    yield _poisons(benchmark.poisons)
    yield _troubles(benchmark.troubles)


def _outages(outages: list[Outage]) -> Table:
    one = next(outage.calls / outage.replicas for outage in outages if outage.kind == ALONE)
    fault_s = outages[0].fault_s
    return Table(
        f"The dependency hangs for {fault_s:g} s; {outages[0].replicas} replicas",
        ("", "calls to it", "of these probes", "x one replica's", "fault to first OPEN", "first to last OPEN"),
        [(o.kind, count(o.calls), count(o.probes), number(o.calls / one, 2), *_opened(o)) for o in outages],
    )


def _opened(outage: Outage) -> tuple[str, str]:
    if outage.fault_to_open_s is None:
        return count(None), count(None)
    first_s, last_s = outage.fault_to_open_s[0], outage.fault_to_open_s[-1]
    return seconds(first_s, 3), seconds(last_s - first_s, 3)


def _poisons(poisons: list[Poison]) -> Table:
    rows = []
    for poison in poisons:
        accounts = [other.accounts for other in poison.others]
        full = sum(one.full for one in accounts)
        rows.append(
            (poison.kind, share(full / sum(one.scheduled for one in accounts)), count(sum(a.failed for a in accounts)))
        )
    return Table("The path of one replica is sick: pages of the others", ("", "full", "failed"), rows)


def _troubles(troubles: list[Trouble]) -> Table:
    return Table(
        "Redis in trouble in the middle of a load; single requests, in turn with a v2 that shares nothing",
        ("Redis", "failed", "slowest", "p50", "p50 without", "p99", "p99 without"),
        [
            (
                trouble.what,
                count(sum(load.accounts.failed + load.accounts.unanswered for load in trouble.loads)),
                milliseconds(max(load.latency.answered.max_ms for load in trouble.loads if load.latency.answered)),
                milliseconds(trouble.sharing_p50_ms),
                milliseconds(trouble.not_sharing_p50_ms),
                milliseconds(trouble.sharing_p99_ms),
                milliseconds(trouble.not_sharing_p99_ms),
            )
            for trouble in troubles
        ],
    )
