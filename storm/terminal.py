"""The storm on the terminal: what it shows, the ladder and the loop as tables, and every claim."""

from collections.abc import Sequence

from rich.console import Console

from experiment.results.model import Claim
from report.table.terminal import rich_table
from report.verdict import shown
from storm.headline import headline
from storm.model import Storm
from storm.table import ladder_table, loop_table

STYLES = {"unheld": "bold red", "interrupted": "bold yellow", "result": "bold"}


def print_storm(console: Console, storm: Storm) -> None:
    """Print what a reader at the terminal wants to know."""
    console.print()
    for kind, text in headline(storm):
        console.print(text, style=STYLES[kind], markup=False, highlight=False)
    console.print(rich_table(ladder_table(storm)))
    if storm.loop:
        console.print(rich_table(loop_table(storm.loop)))
    print_claims(console, storm.claims)


def print_claims(console: Console, claims: Sequence[Claim]) -> None:
    """Print every claim, and whether it holds."""
    for claim in claims:
        style, word = ("green", "holds") if claim.held else ("bold red", "DOES NOT HOLD")
        console.print(f"[{style}]{word}[/]  {shown(claim)}", highlight=False, soft_wrap=True)
