"""The whole report, and reading it from its file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import Field

from experiment.results import versioned
from experiment.results.model.claims import AccountCheck, Claim
from experiment.results.model.conditions import Experiment
from experiment.results.model.gateway import GatewayResult, GatewaySeries, ReplicaResult
from experiment.results.model.host import Host
from experiment.results.model.part import Part
from experiment.results.model.repeat import Repeat
from experiment.results.model.timeline import Timeline


class Report(Part):
    """One run."""

    schema_version: Literal[3] = 3
    started_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    complete: bool
    """false when it was interrupted"""
    experiment: Experiment
    timeline: Timeline
    gateways: dict[str, GatewayResult]
    """api-gateway-v1, api-gateway-v2"""
    replicas: dict[str, ReplicaResult] = Field(default_factory=dict)
    """those of api-gateway-v2 behind a balancer; empty: it is one gateway"""
    series: dict[str, GatewaySeries]
    """for each gateway"""
    queue: list[int | None]
    """calls that waited for a slot of recommendations at the end of each second (the fault capacity)"""
    checks: list[AccountCheck]
    """the accounts of the load against those of the services"""
    claims: list[Claim]
    """empty when it was interrupted"""
    warnings: list[str]
    """what may make this run say less than it seems to"""
    requests_file: str
    """every request, in a gzipped CSV file beside this one"""
    repeat: Repeat | None = None
    """null but with --repeat"""
    host: Host = Field(default_factory=Host)

    @property
    def held(self) -> bool:
        """Whether every claim held."""
        return all(claim.held for claim in self.claims)

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        versioned.write(self, path)


def read_report(path: Path) -> Report:
    """Read a report from its JSON file; raise as `versioned.read` does."""
    return versioned.read(Report, path, "report")
