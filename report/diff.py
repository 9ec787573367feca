"""`run_demo.py diff A B`: the differences between two runs, in their settings and in their results."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiment.results.model import MetricSpread, Report, read_report
from report.console import stdout_console
from report.headline import Measured, Metric, headline
from report.names import short_name
from report.quantities import number
from report.table.model import Table
from report.table.terminal import rich_table

NOISE = 0.1  # a change of less than a tenth between two single runs says nothing
STYLES = {"better": "green", "worse": "red", "differs": "bold"}


def diff(a: Path, b: Path) -> int:
    """Print how run `b` differs from run `a`; return 0.

    Raises:
        UsageError: A report can't be read.
    """
    report_a, report_b = read_report(a), read_report(b)
    console = stdout_console()
    settings = _settings(report_a, report_b)
    console.print(rich_table(settings) if settings.rows else "Asked for: the same.")
    console.print(rich_table(_numbers(report_a, report_b), STYLES))
    if not (report_a.repeat and report_b.repeat):
        console.print("One run each: with --repeat 5, ranges tell a difference from chance.", highlight=False)
    return 0


def _settings(a: Report, b: Report) -> Table:
    asked_a, asked_b = (dict(_flat(report.experiment.model_dump(mode="json"))) for report in (a, b))
    changed = [name for name in {**asked_a, **asked_b} if asked_a.get(name) != asked_b.get(name)]
    rows = [[name, str(asked_a.get(name, "")), str(asked_b.get(name, ""))] for name in changed]
    return Table("", ["Asked for", "A", "B"], rows, text_columns=(0, 1, 2))


def _flat(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _numbers(a: Report, b: Report) -> Table:
    of_b = {measured.metric.name: measured for measured in headline(b)}
    both = [(measured, of_b[measured.metric.name]) for measured in headline(a) if measured.metric.name in of_b]
    rows = [_row(a, b, in_a, in_b, gateway) for in_a, in_b in both for gateway in in_a.values]
    return Table("", ["", "gateway", "A", "B", ""], rows, text_columns=(0, 1, 4))


def _row(a: Report, b: Report, in_a: Measured, in_b: Measured, gateway: str) -> tuple[str, ...]:
    metric = in_a.metric
    spread_a, spread_b = _spread(a, metric, gateway), _spread(b, metric, gateway)
    value_a = spread_a.median if spread_a else in_a.values[gateway]
    value_b = spread_b.median if spread_b else in_b.values[gateway]
    change = _change(metric, value_a, value_b, spread_a, spread_b)
    return metric.name, short_name(gateway), metric.text(value_a), metric.text(value_b), change


def _spread(report: Report, metric: Metric, gateway: str) -> MetricSpread | None:
    spreads = report.repeat.spreads if report.repeat else []
    return next((spread for spread in spreads if (spread.name, spread.gateway) == (metric.name, gateway)), None)


def _change(
    metric: Metric, a: float | None, b: float | None, in_a: MetricSpread | None, in_b: MetricSpread | None
) -> str:
    if a == b:
        return "="
    if a is None or b is None:
        return "differs"
    times = f" ({number(b / a, 2)} x)" if a else ""
    if _may_be_chance(a, b, in_a, in_b):
        return f"within chance{times}"
    better = (b < a) == (metric.better == "lower")
    return f"{'better' if better else 'worse'}{times}"


def _may_be_chance(a: float, b: float, in_a: MetricSpread | None, in_b: MetricSpread | None) -> bool:
    """Return whether two ranges overlap or, for single runs, whether the change is small."""
    ranges = [(s.min, s.max) for s in (in_a, in_b) if s and s.min is not None and s.max is not None]
    if len(ranges) == 2:  # noqa: PLR2004 - one for each report
        (low_a, high_a), (low_b, high_b) = ranges
        return low_a <= high_b and low_b <= high_a
    return abs(b - a) <= NOISE * abs(a)
