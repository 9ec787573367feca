"""Writes what it reads to a log file, and keeps the last 10 to 20 MB of it: `python log_writer.py FILE`.

A full file becomes FILE.1, in the place of the one before. Standard library only: it is a process of its own for each
log, at the end of a pipe. If who writes to the pipe is killed, all that was written still gets into the file; if this
process is killed, who writes gets an error instead of a pipe that nobody empties.
"""

import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

FULL_BYTES = 10_000_000
LONGEST_LINE_BYTES = 64 * 1024  # of which no more is kept in memory


def write(source: BinaryIO, path: Path, full_bytes: int = FULL_BYTES) -> None:
    """Write every line to the file, as soon as it is there; no line is in two files."""
    file = path.open("ab", buffering=0)
    while line := source.readline(LONGEST_LINE_BYTES):
        if 0 < file.tell() > full_bytes - len(line):
            file.close()
            path.replace(f"{path}.1")
            file = path.open("ab", buffering=0)
        with suppress(OSError):  # a full disk must not stop who writes
            file.write(line)
    file.close()


if __name__ == "__main__":
    write(sys.stdin.buffer, Path(sys.argv[1]))
