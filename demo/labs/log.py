"""What a service has written since one looked last."""

import re
from pathlib import Path

# What Flask's development server writes about each request, and about itself at its start. The services say more.
FROM_THE_SERVER = re.compile(r'" \d{3} -$|^ \* |Press CTRL\+C|WARNING: This is a development server')
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Log:
    """A log file, of which the lines that are of interest can be had."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = 0

    def mark(self) -> None:
        """Forget everything up to now."""
        self._seen = self.path.stat().st_size if self.path.exists() else 0

    def lines(self) -> list[str]:
        """Return the complete lines since the mark, without those of the development server."""
        return _of_interest(self._complete())

    def take(self) -> list[str]:
        """Return them, and move the mark behind them."""
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
