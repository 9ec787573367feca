"""What all offline pages share: templates, the table macro, and our own files inlined."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from experiment.paths import ROOT

TABLE = Path(__file__).parent / "table"
IMPORT = re.compile(r"^(?:import [^;]+;|/\*\* @import .+ \*/)\n", re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)
CHARTS = ROOT / "vendor" / "echarts" / "echarts.min.js"


def environment(folder: Path) -> Environment:
    """Return the environment for the templates in a folder, which may import `table` from table.html."""
    made = Environment(
        loader=FileSystemLoader([folder, TABLE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["unbroken"] = _unbroken
    return made


def inlined(*paths: Path) -> Markup:
    """Return our own files as they are: none of them closes the element that it is put into (a test)."""
    return Markup("").join(Markup(path.read_text(encoding="utf-8")) for path in paths)  # noqa: S704 - never a run's data


def script(path: Path) -> Markup:
    """Return a module as a classic script, as a page in a file can't import: all its scripts share their names."""
    return Markup(EXPORT.sub("", IMPORT.sub("", inlined(path))))  # noqa: S704 - our own file, never a run's data


def _unbroken(text: str) -> str:
    """Keep each number on one line with its unit."""
    return re.sub(r"(?<=\d) (?=(?:ms|s|%)\b|%)", "\N{NO-BREAK SPACE}", text)
