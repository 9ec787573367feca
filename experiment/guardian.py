"""Ends what a supervisor has started when the supervisor itself was killed (kill -9, or out of memory).

A small process of its own reads from a pipe which process groups there are. However the writer ends, the system closes
the pipe; what is left then is ended here. That needs nothing of the groups, and works on Linux and macOS alike.
"""

import atexit
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress

LOOK_EVERY_S = 0.05


class Guardian:
    """Keeps the process informed. It is started with the first group, and ends when this process does."""

    def __init__(self) -> None:
        self._popen: subprocess.Popen[str] | None = None

    def watch(self, group: int, ask_with: signal.Signals, stops_within_s: float) -> None:
        """Have the group ended if this process is killed: by `ask_with`, and `stops_within_s` later by SIGKILL."""
        self._tell(f"{group} {int(ask_with)} {stops_within_s}")

    def forget(self, group: int) -> None:
        """Leave the group alone: it has ended, and another may get its number."""
        self._tell(f"{group}")

    def _tell(self, line: str) -> None:
        self._popen = self._popen or self._start()
        with suppress(BrokenPipeError):  # the guardian was killed as well: Ctrl-C still ends everything
            print(line, file=self._popen.stdin, flush=True)

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-I", "-S", __file__]
        null = subprocess.DEVNULL  # whoever reads our output need not wait for the guardian's end
        popen = subprocess.Popen(  # noqa: S603 - no shell
            command, stdin=subprocess.PIPE, stdout=null, stderr=null, text=True, start_new_session=True
        )
        atexit.register(popen.communicate)  # closes the pipe, and waits
        return popen


def guard(lines: Iterable[str]) -> None:
    """Read which groups there are until the input ends, then end those that are left."""
    groups: dict[int, tuple[int, float]] = {}
    for line in lines:
        match line.split():
            case [group, ask_with, stops_within_s]:
                groups[int(group)] = int(ask_with), float(stops_within_s)
            case [group]:
                groups.pop(int(group), None)
    _end(groups)


def _end(groups: Mapping[int, tuple[int, float]]) -> None:
    for group, (ask_with, _) in groups.items():
        _send(group, ask_with)
        _send(group, signal.SIGCONT)  # a process that is stopped would not hear of it
    asked_at = time.monotonic()
    for group, (_, stops_within_s) in groups.items():
        while _send(group, 0) and time.monotonic() < asked_at + stops_within_s:
            time.sleep(LOOK_EVERY_S)
        _send(group, signal.SIGKILL)


def _send(group: int, number: int) -> bool:
    """Send a signal to the whole group; return whether there was anybody to get it."""
    with suppress(ProcessLookupError, PermissionError):  # macOS refuses where only zombies are left
        os.killpg(group, number)
        return True
    return False


if __name__ == "__main__":
    guard(sys.stdin)
