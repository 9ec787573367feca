"""`up`: the shop, and no load."""

from argparse import ArgumentParser, Namespace

from demo.options import add_engine, enter_for_services

HELP = "start the shop and keep it running until Ctrl-C"


def add_arguments(up: ArgumentParser) -> None:
    """Add the options of the command."""
    up.add_argument("services", nargs="*", metavar="SERVICE", help="services to start (default: all)")
    add_engine(up)


def run(arguments: Namespace) -> int:
    """Run the command; return its exit status."""
    enter_for_services("demo")
    from demo.engines import engine_named
    from demo.up import up

    return up(engine_named(arguments.engine), arguments.services)
