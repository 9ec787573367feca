"""`diff`: two runs side by side."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from demo import setup

HELP = "show the differences between two runs"


def add_arguments(diff: ArgumentParser) -> None:
    """Add the options of the command."""
    for name in ("a", "b"):
        diff.add_argument(name, type=Path, metavar=name.upper(), help="a comparison_report.json")


def run(arguments: Namespace) -> int:
    """Run the command; return its exit status."""
    setup.enter("demo")
    from report.diff import diff

    return diff(arguments.a, arguments.b)
