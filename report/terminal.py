"""The result of a run on the terminal: the verdict first, then the numbers, then every claim."""

from rich.console import Console
from rich.table import Table

from experiment.phases import Phase
from experiment.results.model import Accounts, MetricSpread, Report
from report.headline import headline
from report.repeat import shown_spread
from report.verdict import shown, statements

STYLES = {"unheld": "bold red", "interrupted": "bold yellow", "result": "bold", "caution": "yellow"}


def print_report(console: Console, report: Report) -> None:
    """Print everything that a reader at the terminal wants to know."""
    console.print()
    for statement in statements(report):
        console.print(statement.text, style=STYLES[statement.kind], markup=False, highlight=False)
    console.print(_numbers(report))
    console.print(_accounts(report))
    if report.repeat:
        console.print(_spreads(report.repeat.spreads, len(report.repeat.runs)))
    for claim in report.claims:
        style, word = ("green", "holds") if claim.held else ("bold red", "DOES NOT HOLD")
        console.print(f"[{style}]{word}[/]  {shown(claim)}", highlight=False, soft_wrap=True)


def _numbers(report: Report) -> Table:
    table = _table(report, "Headline")
    for measured in headline(report):
        table.add_row(measured.metric.name, *(measured.text(gateway) for gateway in report.gateways))
    return table


def _accounts(report: Report) -> Table:
    table = _table(report, "Every request, by the phase in which it was scheduled")
    for phase in Phase:
        results = [result.phases.get(phase) for result in report.gateways.values()]
        parts = [result.all_routes.accounts for result in results if result]
        if len(parts) == len(report.gateways):
            table.add_row(f"[bold]{phase}[/]: scheduled", *(f"{part.scheduled:,}" for part in parts))
            for outcome in Accounts.model_fields:
                if outcome != "scheduled" and any(getattr(part, outcome) for part in parts):
                    table.add_row(f"  {outcome}", *(f"{getattr(part, outcome):,}" for part in parts))
    return table


def _table(report: Report, title: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="")
    table.add_column("")
    for gateway in report.gateways:
        table.add_column(gateway, justify="right")
    return table


def _spreads(spreads: list[MetricSpread], runs: int) -> Table:
    table = Table(title=f"Median of {runs} runs, and from lowest to highest", title_justify="left", title_style="")
    for heading in ("", "gateway", "median", "range"):
        table.add_column(heading)
    for spread in spreads:
        table.add_row(spread.name, spread.gateway, *shown_spread(spread))
    return table
