"""The matrix on the terminal: the findings, a table, and every claim."""

from rich.console import Console

from matrix.findings import findings
from matrix.model import Matrix
from matrix.table import table_of
from report.table.terminal import rich_table
from report.verdict import shown

STYLES = {"unheld": "bold red", "interrupted": "bold yellow", "beaten": "bold yellow", "result": "bold"}


def print_matrix(console: Console, matrix: Matrix) -> None:
    """Print what a reader at the terminal wants to know."""
    console.print()
    for finding in findings(matrix):
        console.print(finding.text, style=STYLES[finding.kind], markup=False, highlight=False)
        for item in finding.listed:
            console.print(f"  {item}", markup=False, highlight=False)
    console.print(rich_table(table_of(matrix)))
    console.print("[b]+[/] better than v1, [b]![/] worse, [b]?[/] not decided", highlight=False)
    for claim in matrix.claims:
        style, word = ("green", "holds") if claim.held else ("bold red", "DOES NOT HOLD")
        console.print(f"[{style}]{word}[/]  {shown(claim)}", highlight=False, soft_wrap=True)
