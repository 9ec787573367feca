"""comparison_report.json: all that a run measured. Units are in the names."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from experiment.claims import Claim
from experiment.summary import GatewayResult

LIBRARIES = ("flask", "gunicorn", "locust", "pybreaker", "requests", "urllib3")


class Host(BaseModel):
    """The machine that everything ran on: the services, and the load."""

    cpus: int = Field(default_factory=lambda: os.cpu_count() or 1)
    system: str = Field(default_factory=platform.platform)
    python: str = Field(default_factory=platform.python_version)
    libraries: dict[str, str] = Field(default_factory=lambda: {name: version(name) for name in LIBRARIES})


class LoadSettings(BaseModel):
    """What was asked for."""

    engine: str
    fault: dict[str, object]
    users: int  # for each gateway
    spawn_rate_per_s: int
    duration_s: int
    ceiling_per_s: float  # requests/s that this load makes when every answer takes no time


class Report(BaseModel):
    """One run."""

    schema_version: Literal[1] = 1
    started_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    complete: bool  # False when it was interrupted
    load: LoadSettings
    gateways: dict[str, GatewayResult]
    circuit: dict[str, Any]  # v2's /circuit-status at the end
    claims: list[Claim]  # empty when it was interrupted
    host: Host = Field(default_factory=Host)

    def write(self, path: Path) -> None:
        """Write the report as JSON."""
        path.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
