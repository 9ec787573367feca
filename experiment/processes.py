"""Start process groups and end every one of them. The project starts all its processes here."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from experiment.errors import EnvironmentProblem, UsageError
from experiment.guardian import Guardian
from experiment.log_pipe import LogPipe
from experiment.paths import ROOT
from experiment.signals import held_back

STOPS_WITHIN_S = 5.0
LOOKS_EVERY_S = 0.05
TRACES_GO_TO = "OTEL_EXPORTER_OTLP_ENDPOINT"  # the setting that switches a service's traces on
BAD_SETTING = 2  # the exit status of a service whose settings are wrong
LINES_SHOWN = 5
NO_MORE_PROCESSES = "this system allows no more processes; end some, or raise the limit (ulimit -u)"
_GUARDIAN = Guardian()  # one for all supervisors


# Settings of the programs that our processes are made of: the user's own, for the user's own use of them.
_PYTHON_KEPT = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONIOENCODING", "PYTHONUNBUFFERED", "PYTHONUTF8"}
_OTHERS = ("FLASK_", "GUNICORN_", "LOCUST_", "OTEL_", "PIP_", "PYTEST_", "WERKZEUG_")
_GUNICORN = {"FORWARDED_ALLOW_IPS", "LISTEN_FDS", "LISTEN_PID", "PORT", "SCRIPT_NAME", "SENDFILE", "WEB_CONCURRENCY"}
_NO_PROXY = {"NO_PROXY": "*", "no_proxy": "*"}  # also for macOS, where proxies are a setting of the system


def user_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the user's environment for our own processes: without proxies, and without settings of our libraries."""
    passed_on = without_python_settings(environment).items()
    return {name: value for name, value in passed_on if not _is_left_out(name)} | _NO_PROXY | {"PYTHONUNBUFFERED": "1"}


def without_python_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what changes the code that Python runs, or how it runs it."""
    return {name: value for name, value in environment.items() if not name.startswith("PYTHON") or name in _PYTHON_KEPT}


def _is_left_out(name: str) -> bool:
    return name in _GUNICORN or name.startswith(_OTHERS) or name.lower().endswith("_proxy")


_TO_ALL = (signal.SIGINT, signal.SIGSTOP, signal.SIGCONT)  # as a terminal does


@dataclass(frozen=True, slots=True, eq=False)
class ProcessGroup:
    """A command and all processes that it starts. Ctrl-C does not reach them, so the supervisor ends them."""

    name: str
    popen: subprocess.Popen[str]
    log: LogPipe | None

    @property
    def pid(self) -> int:
        """The process id of the command, and the id of its group."""
        return self.popen.pid

    @property
    def is_running(self) -> bool:
        """Whether the command has not ended."""
        return self.popen.poll() is None

    def check_alive(self) -> None:
        """Check that the command is running.

        Raises:
            UsageError: it has ended because of a bad setting; the message has the last lines of its log.
            EnvironmentProblem: it has ended for any other reason.
        """
        status = self.popen.poll()
        if status is not None:
            kind = UsageError if status == BAD_SETTING else EnvironmentProblem
            raise kind(f"{self.name} ended with status {status}{self._last_words()}")

    def last_lines(self, count: int = LINES_SHOWN) -> list[str]:
        """Return the last lines of the log."""
        if not self.log:
            return []
        if not self.is_running:
            self.log.wait()
        return self.log.lines()[-count:]

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the command, which passes it on; send what it cannot pass on to the whole group."""
        if number not in _TO_ALL:
            self.popen.send_signal(number)
        elif self.is_running:
            self._send_all(number)

    def end(self, within_s: float) -> None:
        """Wait up to `within_s` seconds for the command to end, then kill the rest of the group."""
        ends_at = time.monotonic() + within_s
        with self.popen:  # waits for the command and closes its pipes
            while self.is_running and (left_s := ends_at - time.monotonic()) > 0:
                with suppress(subprocess.TimeoutExpired):  # reads on: a full pipe would block the command
                    self.popen.communicate(timeout=min(left_s, LOOKS_EVERY_S))  # returns when its children end, too
            self._send_all(signal.SIGKILL)
        if self.log:
            self.log.wait()

    def _send_all(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):  # macOS refuses if only zombies are left
            os.killpg(self.pid, number)

    def _last_words(self) -> str:
        match self.last_lines():
            case []:
                return ""
            case [line]:
                return f": {line}"
            case lines:
                return "".join((": its last lines:", *(f"\n  {line}" for line in lines)))


class Supervisor:
    """Starts process groups, and ends them all at the end of its block: even after an exception or `kill -9`."""

    def __init__(self, ask_with: signal.Signals = signal.SIGTERM, *, stops_within_s: float = STOPS_WITHIN_S) -> None:
        """`ask_with` is the signal that asks a group to end; after `stops_within_s` seconds it is killed."""
        self._ask_with = ask_with
        self._stops_within_s = stops_within_s
        self._groups: list[ProcessGroup] = []

    def start(self, name: str, command: Sequence[str], *, log: Path | None = None, **options: Any) -> ProcessGroup:
        """Start a command; append its output to the file `log` (`experiment.log_writer`), or let it go to the terminal.

        `options` are those of `subprocess.Popen`. By default, the folder is that of the project and the environment is
        `user_environment()`.

        Raises:
            EnvironmentProblem: the system allows no more processes.
        """
        defaults = {"cwd": ROOT, "env": user_environment(), "stdin": subprocess.DEVNULL}
        defaults |= {"text": True, "errors": "replace"}
        with held_back(), ExitStack() as files:  # a signal takes effect only after the group is on the list
            try:
                pipe = LogPipe(log) if log else None
                if pipe:
                    options |= {"stdout": files.enter_context(pipe.end), "stderr": subprocess.STDOUT}
                popen = subprocess.Popen(command, **{**defaults, **options}, start_new_session=True)  # noqa: S603 - no shell
                self._groups.append(ProcessGroup(name, popen, pipe))
                _GUARDIAN.watch(popen.pid, self._ask_with, self._stops_within_s)
            except BlockingIOError:  # EAGAIN: fork can't
                raise EnvironmentProblem(f"cannot start {name}: {NO_MORE_PROCESSES}") from None
        return self._groups[-1]

    def check_alive(self) -> None:
        """Raise as `ProcessGroup.check_alive` does if a group has ended."""
        for group in self._groups:
            group.check_alive()

    def kill(self, group: ProcessGroup) -> None:
        """End a group at once."""
        with held_back():
            self._groups.remove(group)
            group.end(within_s=0.0)
            _GUARDIAN.forget(group.pid)

    def stop(self) -> None:
        """Ask all groups to end at the same time, and kill those that do not end in time."""
        with held_back():
            groups, self._groups = self._groups, []
            for group in groups:
                group.send(self._ask_with)
                group.send(signal.SIGCONT)  # a suspended process does not handle signals
            ends_at = time.monotonic() + self._stops_within_s
            for group in groups:
                group.end(ends_at - time.monotonic())
                _GUARDIAN.forget(group.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, traceback: TracebackType | None) -> None:
        self.stop()


def run(
    command: Sequence[str], *, ask_with: signal.Signals = signal.SIGTERM, within_s: float | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, and return its exit status and output. An exception in the caller ends it, too.

    `options` are those of `subprocess.Popen`.

    Raises:
        subprocess.TimeoutExpired: it takes longer than `within_s`.
    """
    with Supervisor(ask_with) as processes:
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        popen = processes.start(command[0], command, **options).popen
        output, errors = popen.communicate(timeout=within_s)
    return subprocess.CompletedProcess(command, popen.returncode, output, errors)
