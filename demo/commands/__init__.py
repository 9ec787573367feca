"""The commands of run_demo.py, one file each.

They import what needs the packages in .venv only after `setup.enter`: a wrong option is reported before anything is
installed.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import Protocol

from demo.commands import bench, compare, diff, explore, lab, live, matrix, report, storm, test, trace, up


class Command(Protocol):
    """A module of this package."""

    HELP: str

    def add_arguments(self, parser: ArgumentParser, /) -> None:
        """Add the options of the command."""

    def run(self, arguments: Namespace) -> int:
        """Run the command; return its exit status."""


COMMANDS: Mapping[str, Command] = {
    "compare": compare,
    "report": report,
    "diff": diff,
    "up": up,
    "live": live,
    "trace": trace,
    "lab": lab,
    "bench": bench,
    "matrix": matrix,
    "explore": explore,
    "storm": storm,
    "test": test,
}
