"""The machine that a run was made on."""

import os
import platform
from importlib.metadata import version

from pydantic import Field

from experiment.results.model.part import Part

LIBRARIES = ("flask", "gunicorn", "locust", "pybreaker", "requests", "urllib3")


class Host(Part):
    """The machine that everything ran on: the services, and the load."""

    cpus: int = Field(default_factory=lambda: os.cpu_count() or 1)
    system: str = Field(default_factory=platform.platform)
    python: str = Field(default_factory=platform.python_version)
    libraries: dict[str, str] = Field(default_factory=lambda: {name: version(name) for name in LIBRARIES})
    """version of each library"""
