"""matrix.json: every cell with all of its runs. Units are in the names."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import Field

from benchmarks.under_test.pages import Pages, Series
from experiment.results import versioned
from experiment.results.model import Claim, Host
from experiment.results.model.part import Part

Verdict = Literal["better", "same", "worse", "not decided"]


class Conditions(Part):
    """What was asked for."""

    faults: list[str]
    """the rows, as on the command line"""
    gateways: list[str]
    """the columns; `none` is v1, without protection"""
    seeds: int
    """runs of each cell"""
    more_seeds: int
    """further runs that a cell may get while its verdict is not decided"""
    well_s: float
    """time before the fault"""
    fault_s: float
    recovery_s: float
    """time after the fault"""
    arrival_rate_per_s: float
    """requests that start at each gateway every second, on average (a Poisson process)"""
    catalogue_share: float
    """share of these for the catalogue, which needs no recommendations"""
    good_within_s: float
    """an answer with product information within this time is good"""
    busy_connections: int
    """in the row `busy`: visitors at one gateway who pause for a tenth of a second at most"""
    busy_delay_s: float
    """in the row `busy`: how long recommendations take"""


class Sample(Part):
    """One run of one gateway through one fault."""

    seed: int
    """what chance started from: the same seed makes the same visits at every gateway"""
    pages: Pages
    """product pages"""
    catalogue: Pages
    """pages that need no recommendations: the damage beside the fault"""
    calls: int | None
    """calls that reached the sick service while the fault lasted; null: it could not be asked"""
    useless_work: int | None
    """calls that it worked on, from the fault to the end of the run, although the caller had left"""
    protected_after_s: float | None
    """fault put in, to the last bad page; null: there were bad pages to the end"""
    recovered_after_s: float | None
    """fault taken out, to the moment after which every page had everything in time; null: not in this run"""
    fault_from_s: float
    """when the fault was in place, in seconds since the load began"""
    fault_to_s: float
    series: Series


class Cell(Part):
    """One gateway in one fault, over all of its runs. Shares are of all runs together, times are medians."""

    fault: str
    gateway: str
    samples: list[Sample]
    good_share: float
    """good pages, of those asked for; in the row `busy`: pages with recommendations, for each one that v1 served"""
    with_recommendations_share: float
    """of the same, those with recommendations"""
    failed_share: float
    """failed or unanswered, of those asked for"""
    p50_ms: float | None
    p99_ms: float | None
    catalogue_good_share: float | None
    """good catalogue pages, of those asked for; null: none was"""
    calls_factor: float | None
    """calls that reached the sick service, for each one of v1; null: not known"""
    useless_work: float | None
    """calls in a run that the service worked on although the caller had left"""
    protected_after_s: float | None
    recovered_after_s: float | None
    gain: float
    """good_share, minus that of v1"""
    gain_low: float
    """bootstrap interval of the gain, 95 %"""
    gain_high: float
    verdict: Verdict
    """against v1, with a difference of 0.02 as the smallest that counts"""


class Matrix(Part):
    """One measurement of the whole matrix."""

    schema_version: Literal[1] = 1
    started_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    complete: bool
    """false while cells are missing"""
    conditions: Conditions
    cells: list[Cell]
    """those that are measured, row by row"""
    claims: list[Claim]
    """what these cells must show; empty while cells are missing"""
    host: Host = Field(default_factory=Host)

    @property
    def held(self) -> bool:
        """Whether every claim held."""
        return all(claim.held for claim in self.claims)

    def cell(self, fault: str, gateway: str) -> Cell | None:
        """Return a cell, if it is measured."""
        return next((cell for cell in self.cells if (cell.fault, cell.gateway) == (fault, gateway)), None)

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        versioned.write(self, path)


def read_matrix(path: Path) -> Matrix:
    """Read a matrix from its JSON file; raise as `versioned.read` does."""
    return versioned.read(Matrix, path, "matrix")
