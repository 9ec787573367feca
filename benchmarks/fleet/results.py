"""fleet.json: every measurement of the fleet. Units are in the names."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from experiment.results.model import Host, RouteResult

What = Literal["well", "hangs", "killed"]  # what Redis does, one after the other

LIBRARIES = ("flask", "gunicorn", "interlock-cb", "pybreaker", "redis")


class Outage(BaseModel):
    """The dependency of all replicas hangs."""

    kind: str  # of the replicas
    replicas: int
    users: int  # at each replica
    fault_s: float
    calls: int  # of all replicas that reached the dependency during the fault
    probes: int | None  # of those calls; None where the requests themselves are the probes
    fault_to_open_s: list[float] | None  # of each replica, the first one first; None where the gateway does not tell


class Poison(BaseModel):
    """The path of one replica is sick; the dependency is well for all others."""

    kind: str
    fault_s: float
    others: list[RouteResult]  # what the other replicas answered in that time


class Trouble(BaseModel):
    """What Redis does while all else is well: requests of a load, and single ones beside a v2 that shares nothing."""

    what: What
    loads: list[RouteResult]  # of each replica
    sharing_p50_ms: float
    sharing_p99_ms: float
    not_sharing_p50_ms: float
    not_sharing_p99_ms: float


class FleetBenchmark(BaseModel):
    """One run of everything."""

    schema_version: Literal[1] = 1
    started_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    outages: list[Outage]
    poisons: list[Poison]
    troubles: list[Trouble]
    host: Host = Field(default_factory=lambda: Host(libraries={name: version(name) for name in LIBRARIES}))

    def write(self, path: Path) -> None:
        """Write the results as JSON."""
        path.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
