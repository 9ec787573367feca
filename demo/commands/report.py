"""`report`: draw a run again."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from demo import setup

HELP = "redraw the page and the summary of a run"


def add_arguments(report: ArgumentParser) -> None:
    """Add the options of the command."""
    report.add_argument("file", type=Path, metavar="FILE", help="the run's comparison_report.json")


def run(arguments: Namespace) -> int:
    """Run the command; return its exit status."""
    setup.enter("demo")
    from report.draw import redraw

    return redraw(arguments.file)
