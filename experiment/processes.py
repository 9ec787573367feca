"""Start process groups, and end every one of them. All that this project starts is started here."""

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
from experiment.paths import ROOT
from experiment.signals import held_back

STOPS_WITHIN_S = 5.0
BAD_SETTING = 2  # the exit status of a service whose settings are wrong
LINES_SHOWN = 5


# Settings of the programs that our processes are made of: the user's own, for the user's own use of them.
_PYTHON_KEPT = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONIOENCODING", "PYTHONUNBUFFERED", "PYTHONUTF8"}
_OTHERS = ("FLASK_", "GUNICORN_", "LOCUST_", "PIP_", "PYTEST_", "WERKZEUG_")
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


@dataclass(frozen=True, slots=True, eq=False)
class ProcessGroup:
    """A command and all processes that it starts. Ctrl-C in the terminal does not reach them: the supervisor does."""

    name: str
    popen: subprocess.Popen[str]
    log: Path | None

    @property
    def pid(self) -> int:
        """The process id of the command, and the id of its group."""
        return self.popen.pid

    @property
    def is_running(self) -> bool:
        """Whether the command has not ended."""
        return self.popen.poll() is None

    def check_alive(self) -> None:
        """Return if the command is running.

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
        return self.log.read_text(errors="replace").strip().splitlines()[-count:] if self.log else []

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the command, which passes it on in order; SIGINT goes to all of them, as Ctrl-C does."""
        if number is not signal.SIGINT:
            self.popen.send_signal(number)
        elif self.is_running:
            self._send_all(number)

    def end(self, within_s: float) -> None:
        """Wait until the command ends by itself, then kill what is left of the group."""
        with self.popen:  # which then waits for it, and closes its pipes
            with suppress(subprocess.TimeoutExpired):
                self.popen.communicate(timeout=max(0.0, within_s))  # reads on: a full pipe would hold it up
            self._send_all(signal.SIGKILL)

    def _send_all(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):  # macOS refuses where only zombies are left
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
    """Ends all process groups that it has started when its block ends, however it ends."""

    def __init__(self, ask_with: signal.Signals = signal.SIGTERM, *, stops_within_s: float = STOPS_WITHIN_S) -> None:
        """`ask_with` is the signal that asks a group to end; what has not ended `stops_within_s` later is killed."""
        self._ask_with = ask_with
        self._stops_within_s = stops_within_s
        self._groups: list[ProcessGroup] = []

    def start(self, name: str, command: Sequence[str], *, log: Path | None = None, **options: Any) -> ProcessGroup:
        """Start a command; its output is added to the file `log`, or goes to the terminal.

        `options` are those of `subprocess.Popen`. The default folder is the project's, the default environment
        `user_environment()`.
        """
        defaults = {"cwd": ROOT, "env": user_environment(), "stdin": subprocess.DEVNULL}
        defaults |= {"text": True, "errors": "replace"}
        with held_back(), ExitStack() as files:  # a signal takes effect when the group is on the list
            if log:
                options |= {"stdout": files.enter_context(log.open("ab")), "stderr": subprocess.STDOUT}
            popen = subprocess.Popen(command, **{**defaults, **options}, start_new_session=True)  # noqa: S603 - no shell
            self._groups.append(ProcessGroup(name, popen, log))
        return self._groups[-1]

    def check_alive(self) -> None:
        """Raise as `ProcessGroup.check_alive` does when one has ended."""
        for group in self._groups:
            group.check_alive()

    def stop(self) -> None:
        """Ask all groups to end at once, and kill what has not ended in time; nothing of them is left."""
        with held_back():
            groups, self._groups = self._groups, []
            for group in groups:
                group.send(self._ask_with)
                group.send(signal.SIGCONT)  # a process that is stopped would not hear of it
            ends_at = time.monotonic() + self._stops_within_s
            for group in groups:
                group.end(ends_at - time.monotonic())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, traceback: TracebackType | None) -> None:
        self.stop()


def run(
    command: Sequence[str], *, ask_with: signal.Signals = signal.SIGTERM, within_s: float | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, and return its exit status and what it printed. It ends with the caller.

    `options` are those of `subprocess.Popen`.

    Raises:
        subprocess.TimeoutExpired: it takes longer than `within_s`.
    """
    with Supervisor(ask_with) as processes:
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        popen = processes.start(command[0], command, **options).popen
        output, errors = popen.communicate(timeout=within_s)
    return subprocess.CompletedProcess(command, popen.returncode, output, errors)
