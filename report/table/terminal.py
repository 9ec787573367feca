"""Tables on the terminal."""

from collections.abc import Mapping
from types import MappingProxyType

from rich.table import Table as RichTable
from rich.text import Text

from report.table.model import Table

NO_STYLES: Mapping[str, str] = MappingProxyType({})


def rich_table(table: Table, styles: Mapping[str, str] = NO_STYLES) -> RichTable:
    """Return a table for a rich console; `styles` gives the style of the cells that begin with a word."""
    drawn = RichTable(title=Text(table.title) if table.title else None, title_justify="left", title_style="")
    for number, column in enumerate(table.columns):
        drawn.add_column(Text(column), justify="left" if number in table.text_columns else "right")
    for row in table.rows:
        drawn.add_row(*(Text(cell, _style(cell, styles)) for cell in row))
    return drawn


def _style(cell: str, styles: Mapping[str, str]) -> str:
    return next((style for word, style in styles.items() if cell.startswith(word)), "")
