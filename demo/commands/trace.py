"""`trace`: one request in all services."""

from argparse import ArgumentParser, Namespace

from demo import setup

HELP = "show one request in all services, from their logs"


def add_arguments(trace: ArgumentParser) -> None:
    """Add the options of the command."""
    trace.add_argument("request_id", metavar="ID", help="X-Request-ID of a request, such as load-17")
    trace.add_argument(
        "--engine",
        choices=("local", "docker"),
        default="local",
        help="whose logs: those in results/, of the last run or of a shop that runs (default); or the containers' own",
    )


def run(arguments: Namespace) -> int:
    """Run the command; return its exit status."""
    setup.enter("demo")
    from demo.request_trace import trace

    return trace(arguments.request_id, arguments.engine)
