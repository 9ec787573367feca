"""The tables of the fleet, from results that are made up."""

import io

from rich.console import Console

from benchmarks.fleet.replicas import ALONE, FLEET, INTERLOCK
from benchmarks.fleet.results import FleetBenchmark, Outage, Poison, Trouble
from benchmarks.fleet.tables import print_fleet
from unit.benchmarks.test_measurements import SUMMARY


def outage(kind: str, calls: int, probes: int | None, opened_s: list[float] | None) -> Outage:
    """Return the outage of three replicas."""
    return Outage(kind=kind, replicas=3, users=10, fault_s=20, calls=calls, probes=probes, fault_to_open_s=opened_s)


def test_calls_are_compared_with_those_of_one_replica() -> None:
    """One replica's calls are a third of those of three replicas that share nothing."""
    benchmark = FleetBenchmark(
        outages=[
            outage(FLEET, 30, 16, [0.5, 0.52, 0.61]),
            outage(ALONE, 60, 48, [0.5, 0.6, 0.7]),
            outage(INTERLOCK, 50, None, None),
        ],
        poisons=[Poison(kind=FLEET, fault_s=10, others=[SUMMARY, SUMMARY])],
        troubles=[
            Trouble(
                what="killed",
                loads=[SUMMARY] * 3,
                sharing_p50_ms=4.0,
                sharing_p99_ms=7.0,
                not_sharing_p50_ms=4.1,
                not_sharing_p99_ms=6.5,
            )
        ],
    )
    shown = io.StringIO()
    print_fleet(Console(file=shown, width=140), benchmark)
    lines = {" ".join(line.replace("│", " ").split()) for line in shown.getvalue().splitlines()}
    assert lines >= {
        f"{FLEET} 30 16 1.50 0.500 s 0.110 s",
        f"{INTERLOCK} 50 – 2.50 – –",  # noqa: RUF001 - as tables show what there is not
        "killed 6 5 ms 4 ms 4.1 ms 7 ms 6.5 ms",
    }
