"""The page, put together: template, style, scripts, the library that draws, and the data."""

import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from experiment.paths import ROOT
from experiment.results.model import Report
from experiment.results.requests_file import RequestRow
from report.focus import phase_in_focus
from report.page.big_numbers import big_numbers
from report.page.conditions import conditions
from report.page.gists import gists
from report.page.names import IN_PHASE, short_name
from report.page.points import OUTCOMES, PHASES, ROUTES, counts, points
from report.page.tables import headline_table, route_tables, seconds_tables, service_tables, spreads_table
from report.quantities import seconds
from report.verdict import shown, statements

FOLDER = Path(__file__).parent
CHARTS = ROOT / "vendor" / "echarts" / "echarts.min.js"
IMPORT = re.compile(r"^(?:import [^;]+;|/\*\* @import .+ \*/)\n", re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)
SCRIPTS = (  # in the order in which they need each other
    "data.js",
    "quantities.js",
    "look.js",
    "time_axis.js",
    "bands.js",
    "requests_chart.js",
    "outcomes_chart.js",
    "latency_charts.js",
    "blast_radius_charts.js",
    "calls_chart.js",
    "page.js",
)


def write_page(path: Path, report: Report, rows: Sequence[RequestRow]) -> None:
    """Write the page of a run and its requests."""
    path.write_text(_page(report, rows), encoding="utf-8")


def _page(report: Report, rows: Sequence[RequestRow]) -> str:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(seconds=seconds, short_name=short_name, shown=shown)
    environment.filters["unbroken"] = _unbroken
    return environment.get_template("template.html").render(
        report=report,
        statements=statements(report),
        big_numbers=big_numbers(report),
        counts=counts(rows),
        gists=gists(report),
        headline=headline_table(report),
        spreads=spreads_table(report.repeat) if report.repeat else None,
        tables=[*route_tables(report), *service_tables(report)],
        by_second=seconds_tables(report),
        conditions=conditions(report),
        data=_data(report, rows),
        style=_inlined(FOLDER / "page.css"),
        charts=_inlined(CHARTS),
        scripts=[_script(FOLDER / "scripts" / name) for name in SCRIPTS],
    )


def _data(report: Report, rows: Sequence[RequestRow]) -> dict[str, object]:
    """Return what the scripts draw from."""
    return {
        "report": report.model_dump(mode="json"),
        "focus": phase_in_focus(report),
        "points": points(report, rows),
        "outcomes": OUTCOMES,
        "routes": ROUTES,
        "phases": PHASES,
        "in_phase": IN_PHASE,
    }


def _unbroken(text: str) -> str:
    """Keep each number on one line with its unit."""
    return re.sub(r"(?<=\d) (?=(?:ms|s|%)\b|%)", "\N{NO-BREAK SPACE}", text)


def _script(path: Path) -> Markup:
    """Return a module as a classic script, as a page in a file can't import: all its scripts share their names."""
    return Markup(EXPORT.sub("", IMPORT.sub("", _inlined(path))))  # noqa: S704 - our own file, never a run's data


def _inlined(path: Path) -> Markup:
    """Return one of our own files as it is: none of them closes the element that it is put into (a test)."""
    return Markup(path.read_text(encoding="utf-8"))  # noqa: S704 - our own file, never a run's data
