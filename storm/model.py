"""storm.json: every run of the storm, second by second. Units are in the names."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import Field

from benchmarks.under_test.pages import Pages, Series
from experiment.results import versioned
from experiment.results.model import Claim, Host
from experiment.results.model.part import Part


class RungConditions(Part):
    """One rung of the ladder."""

    name: str
    adds: str
    """what it has that the one before it has not"""
    leaves: str
    """what it does not solve"""


class StormConditions(Part):
    """What was asked for."""

    trigger: str
    """as on the command line"""
    seeds: int
    """runs"""
    well_s: float
    """time before the trigger"""
    after_s: float
    """time from its end to the end of the load"""
    stays_down_s: float
    """how long after the trigger the claims expect the unprotected gateway to be down"""
    scale: int
    """by which the slots and all loads are multiplied"""
    arrival_rate_per_s: float
    """requests that start at each gateway every second, on average (a Poisson process)"""
    slots: int
    """calls that each dependency works on at a time"""
    service_s: float
    """time that each takes"""
    timeout_s: float
    """how long a gateway waits for one call"""
    attempts: int
    """calls that a page may cost where there are retries"""
    cooldown_s: float
    """of the breaker"""
    good_within_s: float
    """a page with recommendations within this time is whole, and only such a page counts as goodput"""
    rungs: list[RungConditions]


class CallAccounts(Part):
    """What became of all calls that reached a dependency, when the run ended: the rest of `arrived` is in work."""

    arrived: int
    useful: int
    """worked on, and the caller was still there"""
    useless: int
    """worked on, although the caller had given up"""
    refused: int
    """not worked on: the queue was full, or the caller's deadline had passed"""
    waiting: int
    """for a slot"""

    @property
    def rest(self) -> int:
        """How many are not accounted for."""
        return self.arrived - self.useful - self.useless - self.refused - self.waiting


class DependencySeries(Part):
    """What the dependency of a rung did in each second of the run; null where it could not be asked."""

    calls: list[int | None]
    """calls that arrived"""
    useful: list[int | None]
    """calls that it had worked on when the caller was still there"""
    useless: list[int | None]
    """calls that it had worked on although the caller had left"""
    waiting: list[int | None]
    """calls that waited for a slot at the end of the second"""


class RungRun(Part):
    """One rung in one run."""

    name: str
    pages: Pages
    """all pages of the run: the rest of `asked` is full or degraded, and late"""
    well_share: float
    """goodput before the trigger, up to a second before it: whole pages, of those asked for"""
    down_share: float
    """goodput in the `stays_down_s` seconds after the trigger"""
    down_best_share: float
    """the same, in the best 5 s of these"""
    recovered_after_s: float | None
    """end of the trigger, to a goodput of at least 95 % in the next 5 s and in the whole rest; null: not in this run"""
    calls_per_page: float | None
    """calls that reached the dependency, by the pages asked for, between the first and the last reading from 3 to 20 s
    after the trigger; null: not known"""
    useless_share: float | None
    """part of the dependency's work, from the trigger to the end of the load, for callers who had left"""
    accounts: CallAccounts | None
    """null: the dependency was never read"""
    series: Series
    dependency: DependencySeries


class Run(Part):
    """All rungs through one storm."""

    seed: int
    """what chance started from: all rungs get the same requests"""
    trigger_from_s: float
    """in seconds since the load began"""
    trigger_to_s: float
    rungs: list[RungRun]

    def rung(self, name: str) -> RungRun | None:
        """Return a rung, if it took part."""
        return next((rung for rung in self.rungs if rung.name == name), None)


class LoopRung(Part):
    """One rung in the loop."""

    name: str
    goodput: list[float]
    """of each step: whole pages, of those asked for"""


class Loop(Part):
    """The load in steps through the capacity and down again, while nothing is broken."""

    step_s: float
    visits_per_s: list[int]
    """at each gateway in each step, on average (a Poisson process); the highest is in the middle"""
    rungs: list[LoopRung]

    @property
    def ways(self) -> list[tuple[int, int | None]]:
        """Each load as a step of the way up and one of the way down; the highest has none."""
        last = len(self.visits_per_s) - 1
        return [(step, last - step if 2 * step < last else None) for step in range(last // 2 + 1)]


class Storm(Part):
    """One measurement of the storm."""

    schema_version: Literal[1] = 1
    started_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    complete: bool
    """false while runs or the loop are missing"""
    conditions: StormConditions
    runs: list[Run]
    loop: Loop | None
    """measured after the runs; null while it is missing"""
    claims: list[Claim]
    """what the loop and each of these runs must show; empty while one of them is missing"""
    host: Host = Field(default_factory=Host)

    @property
    def held(self) -> bool:
        """Whether every claim held."""
        return all(claim.held for claim in self.claims)

    def of(self, name: str) -> list[RungRun]:
        """Return every run of a rung."""
        return [rung for run in self.runs if (rung := run.rung(name))]

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        versioned.write(self, path)
