"""`live`: the control room."""

from argparse import ArgumentParser, Namespace

from demo.options import add_engine, enter_for_services
from experiment.errors import UsageError

HELP = "run the shop, a load on each gateway and the control room until Ctrl-C"


def add_arguments(live: ArgumentParser) -> None:
    """Add the options of the command."""
    live.add_argument("--no-browser", action="store_false", dest="browser", help="only print the addresses")
    live.add_argument(
        "--storm", action="store_true", help="tell the story of the storm instead, with a tour of its own (local only)"
    )
    add_engine(live)


def run(arguments: Namespace) -> int:
    """Run the command; return its exit status."""
    if arguments.storm and arguments.engine != "local":
        raise UsageError(f"--storm runs its own services, so it goes without --engine {arguments.engine}")
    enter_for_services("bench" if arguments.storm else "demo")
    from demo.engines import engine_named
    from demo.live import live

    return live(engine_named(arguments.engine), storm=arguments.storm, browser=arguments.browser)
