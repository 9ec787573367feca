"""results/summary.md: the result, to paste into a pull request."""

from collections.abc import Iterator
from pathlib import Path

from experiment.phases import Phase
from experiment.results.model import ClosedLoad, Experiment, Repeat, Report
from report.quantities import number, seconds
from report.result_tables import headline_table, replicas_table, spreads_table
from report.table.markdown import markdown_lines
from report.verdict import shown, verdict


def write_summary(path: Path, report: Report) -> None:
    """Write the summary."""
    path.write_text("\n".join(_lines(report)) + "\n", encoding="utf-8")


def _lines(report: Report) -> Iterator[str]:
    yield f"**{verdict(report)}**"
    yield ""
    yield from markdown_lines(headline_table(report))
    yield ""
    if report.replicas:
        yield from markdown_lines(replicas_table(report.replicas))
        yield ""
    for claim in report.claims:
        yield f"- {'holds' if claim.held else '**does not hold**'}: {shown(claim)}"
    if report.repeat:
        yield from _repeat(report.repeat)
    yield ""
    yield f"{_conditions(report.experiment)}; {report.host.cpus} CPUs, {report.started_at:%Y-%m-%d %H:%M} UTC."


def _repeat(repeat: Repeat) -> Iterator[str]:
    table = spreads_table(repeat)
    yield from ("", f"{table.title}:", "")
    yield from markdown_lines(table)


def _conditions(experiment: Experiment) -> str:
    load = experiment.load
    who = f"{load.users} users" if isinstance(load, ClosedLoad) else f"{number(load.arrival_rate_per_s)} requests/s"
    lengths_s = experiment.phases_s
    phases = ", ".join(f"{phase} {seconds(lengths_s[phase])}" for phase in Phase if phase in lengths_s)
    fault = "; ".join(fault.spec for fault in experiment.faults) or "none"
    return f"{who} at each gateway; {phases}; fault {fault}; engine {experiment.engine}; seed {experiment.seed}"
