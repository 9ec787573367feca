"""results/summary.md: the result, to paste into a pull request."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from experiment.phases import Phase
from experiment.results.model import ClosedLoad, Experiment, Report
from report.headline import headline
from report.repeat import shown_spread
from report.verdict import shown, verdict


def write_summary(path: Path, report: Report) -> None:
    """Write the summary."""
    path.write_text("\n".join(_lines(report)) + "\n", encoding="utf-8")


def _lines(report: Report) -> Iterator[str]:
    yield f"**{verdict(report)}**"
    yield ""
    yield from _row(["", *report.gateways])
    yield from _row(["---", *("---:" for _ in report.gateways)])
    for measured in headline(report):
        yield from _row([measured.metric.name, *(measured.text(gateway) for gateway in report.gateways)])
    yield ""
    for claim in report.claims:
        yield f"- {'holds' if claim.held else '**does not hold**'}: {shown(claim)}"
    yield from _repeats(report)
    yield ""
    yield f"{setting(report.experiment)}; {report.host.cpus} CPUs, {report.started_at:%Y-%m-%d %H:%M} UTC."


def _repeats(report: Report) -> Iterator[str]:
    if report.repeat is None:
        return
    yield ""
    yield f"{len(report.repeat.runs)} runs, all claims held in {sum(report.repeat.claims_held)} of them:"
    yield ""
    yield from _row(["", "gateway", "median", "range"])
    yield from _row(["---", "---", "---:", "---:"])
    for spread in report.repeat.spreads:
        yield from _row([spread.name, spread.gateway, *shown_spread(spread)])


def _row(cells: Iterable[str]) -> Iterator[str]:
    yield f"| {' | '.join(cells)} |"


def setting(experiment: Experiment) -> str:
    """Return in words what was asked for."""
    load = experiment.load
    who = f"{load.users} users" if isinstance(load, ClosedLoad) else f"{load.arrival_rate_per_s:g} requests/s"
    phases = ", ".join(f"{phase} {experiment.phases_s[phase]:g} s" for phase in Phase if phase in experiment.phases_s)
    fault = experiment.fault["kind"]
    return (
        f"{who} at each gateway; {phases}; recommendations {fault}; engine {experiment.engine}; seed {experiment.seed}"
    )
