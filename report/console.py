"""The console that everything is printed on: for a terminal what it can show, for a file plain text."""

import sys
from typing import Any

from rich.console import Console


def stdout_console(**options: Any) -> Console:
    """Return rich's console with these options; it takes only a terminal for one, whatever FORCE_COLOR says."""
    return Console(force_terminal=sys.stdout is not None and sys.stdout.isatty(), **options)
