"""`lab`: the small systems in labs/."""

from argparse import ArgumentParser, Namespace

from demo import setup

HELP = "walk through one of the small two-service systems in labs/"


def add_arguments(lab: ArgumentParser) -> None:
    """Add the options of the command."""
    lab.add_argument("name", choices=("echo", "echo-validated", "token"), help="a lab; each has a folder in labs/")
    lab.add_argument("--stay", action="store_true", help="keep both services running afterwards, until Ctrl-C")


def run(arguments: Namespace) -> int:
    """Run the command; return its exit status."""
    setup.enter("demo")
    from demo.labs.run import run_lab

    return run_lab(arguments.name, stay=arguments.stay)
