"""Locust as this project starts it; the user's own settings of Locust are for a `locust` started by hand."""

import sys
from collections.abc import Sequence
from pathlib import Path

from experiment.paths import ROOT
from experiment.processes import ProcessGroup, Supervisor, user_environment
from shopkit.open_files import raise_file_limit

FILES = 10_000  # what Locust asks for; it takes all or nothing, and some systems allow less
WITHOUT_SETTINGS = ROOT / "load"  # Locust reads its settings files in its home folder and in its working folder


def start_locust(processes: Supervisor, arguments: Sequence[str], name: str, log: Path | None) -> ProcessGroup:
    """Start Locust with these arguments alone; paths among them are absolute."""
    raise_file_limit(FILES)
    # -P: the working folder holds none of its modules
    command = [sys.executable, "-P", "-m", "locust", *arguments]
    environment = user_environment() | {"HOME": str(WITHOUT_SETTINGS)}
    return processes.start(name, command, log=log, cwd=WITHOUT_SETTINGS, env=environment)
