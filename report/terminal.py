"""The result of a run on the terminal: the verdict first, then the numbers, then every claim."""

from rich.console import Console

from experiment.phases import Phase
from experiment.results.model import Report
from report.result_tables import accounts_table, headline_table, spreads_table
from report.shared_load import shared_load
from report.table.terminal import rich_table
from report.verdict import shown, statements

STYLES = {"unheld": "bold red", "interrupted": "bold yellow", "result": "bold", "caution": "yellow"}
BOLD_PHASES = {phase.value: "bold" for phase in Phase}


def print_report(console: Console, report: Report) -> None:
    """Print everything that a reader at the terminal wants to know."""
    console.print()
    for statement in statements(report):
        console.print(statement.text, style=STYLES[statement.kind], markup=False, highlight=False)
    console.print(rich_table(headline_table(report)))
    console.print(rich_table(accounts_table(report), BOLD_PHASES))
    for sentence in shared_load(report):
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)
    if report.repeat:
        console.print(rich_table(spreads_table(report.repeat)))
    for claim in report.claims:
        style, word = ("green", "holds") if claim.held else ("bold red", "DOES NOT HOLD")
        console.print(f"[{style}]{word}[/]  {shown(claim)}", highlight=False, soft_wrap=True)
