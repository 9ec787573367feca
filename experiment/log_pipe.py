"""A pipe to a log file, for the output of a process."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from experiment import log_writer

WRITTEN_WITHIN_S = 2.0


class LogPipe:
    """The file, and the process that writes it and ends with the last process that has the pipe."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self.path = path
        null = subprocess.DEVNULL
        command = [sys.executable, "-I", "-S", log_writer.__file__, str(path)]
        self._writer = subprocess.Popen(  # noqa: S603 - no shell
            command, stdin=subprocess.PIPE, stdout=null, stderr=null, start_new_session=True
        )

    @property
    def end(self) -> IO[bytes]:
        """Where a process writes to; to be closed here once the process has it."""
        assert self._writer.stdin  # noqa: S101 - as asked for
        return self._writer.stdin

    def wait(self) -> None:
        """Return when everything is in the file, or when some process keeps the pipe open."""
        with suppress(subprocess.TimeoutExpired):
            self._writer.wait(WRITTEN_WITHIN_S)

    def lines(self) -> list[str]:
        """Return the lines of the file."""
        return self.path.read_text(errors="replace").strip().splitlines()
