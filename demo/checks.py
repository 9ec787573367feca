"""`run_demo.py test`: formatting, lint, types, locks, and every test, all at the same time."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from demo.setup import import_roots
from experiment.paths import ROOT
from experiment.signals import held_back

CHECKS = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "imports": (str(Path(sys.executable).with_name("lint-imports")),),
    "page format": ("deno", "fmt", "--quiet", "--check"),
    "page lint": ("deno", "lint", "--quiet"),
    "page types": ("deno", "check", "--quiet"),
    "locks": ("requirements/compile.py", "--check"),
    # more workers than processors: most tests wait. A file stays on one worker; tests/e2e, the longest, comes first
    "tests": ("pytest", "--numprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder"),
}
STOPS_WITHIN_S = 30.0  # tests that are interrupted stop what they started

_Process = subprocess.Popen[str]


def check(pytest_arguments: Sequence[str]) -> int:
    """Run everything, or only pytest with the given arguments; return 0 when all passed, else 1."""
    if pytest_arguments:
        with _running([("pytest", *pytest_arguments)]) as (tests,):
            return 1 if tests.wait() else 0
    with _running(CHECKS.values(), output=subprocess.PIPE) as processes:
        failed = [name for name, process in zip(CHECKS, processes, strict=True) if _show(name, process)]
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def _show(name: str, process: _Process) -> int:
    """Print what the process has printed so far, and the rest as it comes; return its exit status."""
    print(f"== {name}: {' '.join(CHECKS[name])}", flush=True)
    for line in process.stdout or ():
        print(line, end="", flush=True)
    return process.wait()


@contextmanager
def _running(commands: Iterable[Sequence[str]], output: int | None = None) -> Iterator[list[_Process]]:
    """Run the commands side by side; nothing of them is left afterwards."""
    processes: list[_Process] = []
    try:
        for command in commands:
            with held_back():
                process = subprocess.Popen(  # noqa: S603 - our own
                    _program(command),
                    cwd=ROOT,
                    env=os.environ | {"MYPYPATH": os.pathsep.join(import_roots())},
                    stdout=output,
                    stderr=output and subprocess.STDOUT,
                    text=True,
                    start_new_session=True,  # Ctrl-C comes from here, once: a second would break off the tidying up
                )
                processes.append(process)
        yield processes
    finally:
        with held_back():
            _stop(processes)


def _program(command: Sequence[str]) -> list[str]:
    """Return how Python runs the command: a path is a script, any other name a module."""
    how = [] if "/" in command[0] else ["-m"]
    return [sys.executable, *how, *command]


def _stop(processes: list[_Process]) -> None:
    running = [process for process in processes if process.poll() is None]
    for process in running:
        _signal(process, signal.SIGINT)
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=STOPS_WITHIN_S)
        _signal(process, signal.SIGKILL)


def _signal(process: _Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
