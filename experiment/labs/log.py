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
        text = self._read().decode(errors="replace")
        complete = text[: text.rfind("\n") + 1].splitlines()
        return [line for line in (COLOURS.sub("", raw) for raw in complete) if not FROM_THE_SERVER.search(line)]

    def _read(self) -> bytes:
        if not self.path.exists():
            return b""
        with self.path.open("rb") as file:
            file.seek(self._seen)
            return file.read()

    def take(self) -> list[str]:
        """Return the complete lines since the mark, and move the mark behind them."""
        data = self._read()
        lines = self.lines()
        self._seen += data.rfind(b"\n") + 1
        return lines
