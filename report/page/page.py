"""The page, assembled: template, style, scripts, the chart library, and the data."""

from collections.abc import Sequence
from pathlib import Path

from experiment.results.model import Report
from experiment.results.requests_file import RequestRow
from experiment.results.whole_file import write_whole
from report.focus import phase_in_focus
from report.names import IN_PHASE, short_name
from report.offline_page import CHARTS, TABLE, environment, inlined, script
from report.page.big_numbers import big_numbers
from report.page.conditions import conditions
from report.page.gists import gists
from report.page.points import OUTCOMES, PHASES, ROUTES, counts, points
from report.page.tables import route_tables, seconds_tables, service_tables
from report.quantities import seconds
from report.result_tables import headline_table, spreads_table
from report.shared_load import shared_load
from report.verdict import shown, statements

FOLDER = Path(__file__).parent
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
    write_whole(path, _page(report, rows))


def _page(report: Report, rows: Sequence[RequestRow]) -> str:
    templates = environment(FOLDER)
    templates.globals.update(seconds=seconds, shared_load=shared_load, short_name=short_name, shown=shown)
    return templates.get_template("template.html").render(
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
        style=inlined(FOLDER / "page.css", TABLE / "table.css"),
        charts=inlined(CHARTS),
        scripts=[script(FOLDER / "scripts" / name) for name in SCRIPTS],
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
