"""The command line. Standard library only: a wrong option is answered before anything is installed."""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn

from experiment import setup
from experiment.errors import DemoError, UsageError

INTERRUPTED = 128  # plus the signal's number, as shells have it


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see python3 run_demo.py --help)")


class Terminated(BaseException):
    """SIGTERM or SIGHUP arrived: end as tidily as on Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status: 0 done, 1 a claim or test failed, 2 usage, 3 this machine."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminate)
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except DemoError as error:
        print(f"run_demo.py: {error}", file=sys.stderr)
        return error.status
    except OSError as error:  # a full disk, a missing right
        print(f"run_demo.py: {error.strerror}: {error.filename or 'while writing'}", file=sys.stderr)
        return 3
    except (KeyboardInterrupt, Terminated) as end:
        print("run_demo.py: stopped, nothing is left running", file=sys.stderr)
        return INTERRUPTED + (end.number if isinstance(end, Terminated) else signal.SIGINT)


def _terminate(number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated(number)


def _run(argv: list[str]) -> int:
    if not argv or (argv[0].startswith("-") and argv[0] not in ("-h", "--help")):
        argv = ["compare", *argv]
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.run
    return command(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="run_demo.py",
        description="A shop in which one unimportant service hangs, seen through a naive gateway and a protected one.",
        epilog="Without a command: compare.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    compare = commands.add_parser("compare", help="run both gateways under the same load and show the difference")
    compare.add_argument("--users", type=_whole(1, 1000), default=100, help="users for each gateway (default: 100)")
    length = compare.add_mutually_exclusive_group()
    length.add_argument("--duration", type=_whole(5, 3600), default=60, metavar="S", help="seconds (default: 60)")
    length.add_argument("--quick", action="store_const", dest="duration", const=25, help="25 seconds of load")
    _add_engine(compare)
    compare.set_defaults(run=_compare)

    up = commands.add_parser("up", help="start the shop and stay; Ctrl-C stops it")
    up.add_argument("services", nargs="*", metavar="SERVICE", help="some of its services (default: all)")
    _add_engine(up)
    up.set_defaults(run=_up)

    live = commands.add_parser("live", help="the shop, a load for each gateway, and the control room; until Ctrl-C")
    live.add_argument("--no-browser", action="store_false", dest="browser", help="only print the addresses")
    _add_engine(live)
    live.set_defaults(run=_live)

    lab = commands.add_parser("lab", help="take one of the small two-service systems in labs/ through its steps")
    lab.add_argument("name", choices=("echo", "echo-validated", "token"), help="which: each has a folder in labs/")
    lab.add_argument("--stay", action="store_true", help="leave both services running afterwards, until Ctrl-C")
    lab.set_defaults(run=_lab)

    bench = commands.add_parser("bench", help="measure what the guard costs and does, beside other circuit breakers")
    bench.add_argument("--quick", action="store_true", help="shorter: under 90 seconds, and rougher numbers")
    bench.set_defaults(run=_bench)

    test = commands.add_parser("test", help="run every check and test of the project")
    test.add_argument("pytest", nargs=argparse.REMAINDER, help="only pytest, with these arguments")
    test.set_defaults(run=_test)
    return parser


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine", choices=("local", "docker"), default="local", help="processes on this machine (default), or Compose"
    )


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text[:9]) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return int(text)

    return parse


# Each command imports its modules late: they need the packages of .venv.


def _compare(arguments: argparse.Namespace) -> int:
    setup.enter("demo")
    from experiment.compare import Plan, compare
    from experiment.engines import engine_named

    return compare(Plan(users=arguments.users, duration_s=arguments.duration), engine_named(arguments.engine))


def _up(arguments: argparse.Namespace) -> int:
    setup.enter("demo")
    from experiment.engines import engine_named
    from experiment.up import up

    return up(engine_named(arguments.engine), arguments.services)


def _live(arguments: argparse.Namespace) -> int:
    setup.enter("demo")
    from experiment.control_room import live
    from experiment.engines import engine_named

    return live(engine_named(arguments.engine), browser=arguments.browser)


def _lab(arguments: argparse.Namespace) -> int:
    setup.enter("demo")
    from experiment.labs.run import run_lab

    return run_lab(arguments.name, stay=arguments.stay)


def _bench(arguments: argparse.Namespace) -> int:
    setup.enter("bench")
    from benchmarks.run import run

    return run(quick=arguments.quick)


def _test(arguments: argparse.Namespace) -> int:
    setup.enter("dev")
    from experiment.checks import check

    return check(arguments.pytest)
