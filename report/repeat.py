"""--repeat: several runs summarized."""

from collections.abc import Iterable, Sequence
from statistics import median

from experiment.results.model import MetricSpread, Repeat, Report
from report.headline import METRICS, Measured, headline


def together(reports: Sequence[Report], folders: Sequence[str]) -> Repeat:
    """Summarize the headline numbers of several runs of one plan."""
    return Repeat(
        runs=list(folders),
        claims_held=[report.held for report in reports],
        spreads=list(_spreads([headline(report) for report in reports])),
    )


def _spreads(runs: Sequence[list[Measured]]) -> Iterable[MetricSpread]:
    for numbers in zip(*runs, strict=True):  # runs of the same plan have the same phases, so the same numbers
        metric = numbers[0].metric
        for gateway in numbers[0].values:
            values = [number.values[gateway] for number in numbers]
            known = [value for value in values if value is not None]
            yield MetricSpread(
                name=metric.name,
                gateway=gateway,
                unit=metric.unit,
                median=median(known) if known else None,
                min=min(known, default=None),
                max=max(known, default=None),
                values=values,
            )


def shown_spread(spread: MetricSpread) -> tuple[str, str]:
    """Return the median and the range as people read them."""
    metric = next(metric for metric in METRICS if metric.name == spread.name)
    if spread.min is None or spread.max is None:
        return metric.text(None), ""
    without = sum(value is None for value in spread.values)
    rest = f", {without} x {metric.missing}" if without else ""
    return metric.text(spread.median), f"{metric.text(spread.min)} to {metric.text(spread.max)}{rest}"
