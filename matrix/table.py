"""The matrix as a table: the share of good pages in every cell, and its verdict as a mark."""

from matrix.model import Cell, Matrix
from report.quantities import NOTHING, share
from report.table.model import Table

MARKS = {"better": "+", "same": "", "worse": "!", "not decided": "?"}


def table_of(matrix: Matrix) -> Table:
    """Return the table."""
    gateways = matrix.conditions.gateways
    rows = [[fault, *(_text(matrix.cell(fault, gateway)) for gateway in gateways)] for fault in _measured(matrix)]
    return Table("Product pages with product information within 1 s, of those asked for", ["fault", *gateways], rows)


def _measured(matrix: Matrix) -> list[str]:
    return list(dict.fromkeys(cell.fault for cell in matrix.cells))


def _text(cell: Cell | None) -> str:
    return f"{share(cell.good_share)} {MARKS[cell.verdict]}".rstrip() if cell else NOTHING
