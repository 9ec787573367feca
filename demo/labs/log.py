"""The new lines of a service's log."""

import re
from pathlib import Path

# Lines of Flask's development server about its start and about requests. The services log requests in more detail.
FROM_THE_SERVER = re.compile(r'" \d{3} -$|^ \* |Press CTRL\+C|WARNING: This is a development server')
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Log:
    """A log file, read without the lines of the development server."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = 0

    def mark(self) -> None:
        """Skip everything up to now."""
        self._seen = self.path.stat().st_size if self.path.exists() else 0

    def lines(self) -> list[str]:
        """Return the complete lines since the mark, without those of the development server."""
        return _of_interest(self._complete())

    def take(self) -> list[str]:
        """Return the same lines as `lines`, and move the mark behind them."""
        complete = self._complete()
        self._seen += len(complete)
        return _of_interest(complete)

    def _complete(self) -> bytes:
        if not self.path.exists():
            return b""
        with self.path.open("rb") as file:
            file.seek(self._seen)
            data = file.read()
        return data[: data.rfind(b"\n") + 1]


def _of_interest(data: bytes) -> list[str]:
    lines = COLOURS.sub("", data.decode(errors="replace")).splitlines()
    return [line for line in lines if not FROM_THE_SERVER.search(line)]
