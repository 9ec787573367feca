"""The command line. Standard library only, so that a wrong option is reported before anything is installed."""

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from demo.commands import COMMANDS, test
from experiment.errors import DemoError, UsageError
from experiment.signals import handle

INTERRUPTED = 128  # plus the signal's number, as shells have it


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see python3 run_demo.py --help)")


class Terminated(BaseException):
    """SIGTERM or SIGHUP arrived: clean up as on Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 a claim or test failed, 2 usage, 3 the environment."""
    handle(_terminate, signal.SIGTERM, signal.SIGHUP)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 must not end a run
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except DemoError as error:
        print(f"run_demo.py: {error}", file=sys.stderr)
        return error.status
    except BrokenPipeError:  # whoever reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left has nowhere to go
        return INTERRUPTED + signal.SIGPIPE
    except OSError as error:  # such as a full disk or a missing permission
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
    if argv[0] == "test" and not {"-h", "--help"} & set(argv):  # argparse would take pytest's options for its own
        return test.run(argparse.Namespace(pytest=argv[1:]))
    arguments = _parser().parse_args(argv)
    return COMMANDS[arguments.command].run(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="run_demo.py",
        description="Show a shop in which one service hangs, behind a naive gateway and a protected one.",
        epilog="Without a command: compare.",
    )
    commands = parser.add_subparsers(required=True, dest="command", metavar="COMMAND", parser_class=_Parser)
    for name, command in COMMANDS.items():
        command.add_arguments(commands.add_parser(name, help=command.HELP))
    return parser
