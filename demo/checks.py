"""`run_demo.py test`: formatting, lint, types and tests, all at the same time; in CI, the slow tests as well."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from demo.setup import import_roots
from experiment.processes import ProcessGroup, Supervisor, user_environment

IN_CI = bool(os.environ.get("CI"))
CHECKS = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "imports": (str(Path(sys.executable).with_name("lint-imports")),),
    "page format": ("deno", "fmt", "--quiet", "--check"),
    "page lint": ("deno", "lint", "--quiet"),
    "page types": ("deno", "check", "--quiet"),
    # more workers than processors, because most tests wait; files begin in the order of tests/conftest.py
    "tests": (
        *("pytest", "--numprocesses", "5", "--dist", "loadfile", "--no-loadscope-reorder"),
        *("-m", "" if IN_CI else "not slow"),
    ),
}
STOPS_WITHIN_S = 30.0  # time for interrupted tests to stop what they started


def check(pytest_arguments: Sequence[str]) -> int:
    """Run everything, or only pytest with the given arguments; return 0 when all passed, else 1."""
    with Supervisor(signal.SIGINT, stops_within_s=STOPS_WITHIN_S) as processes:
        if pytest_arguments:
            return 1 if _start(processes, ("pytest", *pytest_arguments), stdin=None).popen.wait() else 0
        output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        started = {name: _start(processes, command, **output) for name, command in CHECKS.items()}
        failed = [name for name, process in started.items() if _show(name, process.popen)]
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    if not IN_CI:
        print("left out: the slow tests, which CI runs (here: python3 run_demo.py test -m slow)", flush=True)
    return 1 if failed else 0


def _start(processes: Supervisor, command: Sequence[str], **options: Any) -> ProcessGroup:
    """Run a command with Python, as a script if it is a path, else as a module."""
    how = [] if "/" in command[0] else ["-m"]
    environment = user_environment() | {"MYPYPATH": os.pathsep.join(import_roots())}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes would compile the same files again
    return processes.start(command[0], [sys.executable, *how, *command], env=environment, **options)


def check_only(name: str) -> int:
    """Run one of the checks, with its output on the terminal; return 0 if it passes, else 1."""
    with Supervisor(signal.SIGINT) as processes:
        return 1 if _start(processes, CHECKS[name]).popen.wait() else 0


def _show(name: str, process: subprocess.Popen[str]) -> int:
    """Print the output of the process until it ends; return its exit status."""
    print(f"== {name}: {shlex.join(CHECKS[name])}", flush=True)
    for line in process.stdout or ():
        print(line, end="", flush=True)
    return process.wait()


if __name__ == "__main__":
    sys.exit(check_only(sys.argv[1]))
