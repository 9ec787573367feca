"""`test`: every check and test of the project."""

from argparse import REMAINDER, ArgumentParser, Namespace

from demo import setup

HELP = "run every check and test of the project"


def add_arguments(test: ArgumentParser) -> None:
    """Add the options of the command."""
    test.add_argument("pytest", nargs=REMAINDER, help="run only pytest, with these arguments")


def run(arguments: Namespace) -> int:
    """Run them; return 0 when all passed, else 1."""
    setup.enter("dev")
    from demo.checks import check

    return check(arguments.pytest)
