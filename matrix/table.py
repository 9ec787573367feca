"""The matrix as tables: one of all cells, and the numbers of each fault."""

from collections.abc import Callable

from matrix.model import Cell, Matrix
from matrix.plan import BUSY
from report.quantities import NOTHING, milliseconds, number, seconds, share
from report.table.model import Table

MARKS = {"better": "+", "same": "", "worse": "!", "not decided": "?"}
NEVER = "not in this run"


def table_of(matrix: Matrix) -> Table:
    """Return the table of all cells: the share of good pages, and the verdict as a mark."""
    gateways = matrix.conditions.gateways
    rows = [[fault, *(_text(matrix.cell(fault, gateway)) for gateway in gateways)] for fault in measured(matrix)]
    return Table("Product pages with product information within 1 s, of those asked for", ["fault", *gateways], rows)


def tables_of(matrix: Matrix) -> list[Table]:
    """Return a table of each fault: all numbers of every gateway."""
    return [_fault_table(fault, [cell for cell in matrix.cells if cell.fault == fault]) for fault in measured(matrix)]


def measured(matrix: Matrix) -> list[str]:
    """Return the faults that have a cell."""
    return list(dict.fromkeys(cell.fault for cell in matrix.cells))


def numbers(cell: Cell) -> dict[str, str]:
    """Return all numbers of a cell, by what they are."""
    return {
        "good pages": part(cell.good_share),
        "with recommendations": part(cell.with_recommendations_share),
        "failed": share(cell.failed_share),
        "p50": _or_dash(cell.p50_ms, milliseconds),
        "p99": _or_dash(cell.p99_ms, milliseconds),
        "catalogue pages in time": _or_dash(cell.catalogue_good_share, share),
        "calls per v1 call": _or_dash(cell.calls_factor, number),
        "useless work": _or_dash(cell.useless_work, number),
        "protected after": _time(cell, cell.protected_after_s),
        "recovered after": _time(cell, cell.recovered_after_s),
        "gain over v1": f"{_points(cell.gain)} ({_points(cell.gain_low)} to {_points(cell.gain_high)})",
        "verdict": cell.verdict,
        "runs": str(len(cell.samples)),
    }


def part(value: float) -> str:
    """Return a share in percent, also one of more than all: of what v1 served."""
    return share(value) if value <= 1 else f"{number(value * 100, 0)} %"


def _time(cell: Cell, value_s: float | None) -> str:
    if cell.fault == BUSY:  # nothing is sick
        return NOTHING
    return NEVER if value_s is None else seconds(value_s)


def _fault_table(fault: str, cells: list[Cell]) -> Table:
    shown = [numbers(cell) for cell in cells]
    rows = [[cell.gateway, *texts.values()] for cell, texts in zip(cells, shown, strict=True)]
    return Table(fault, ["gateway", *shown[0]], rows)


def _text(cell: Cell | None) -> str:
    return f"{part(cell.good_share)} {MARKS[cell.verdict]}".rstrip() if cell else NOTHING


def _or_dash(value: float | None, text: Callable[[float], str]) -> str:
    return NOTHING if value is None else text(value)


def _points(value: float) -> str:
    return f"{value * 100:+.1f} %"
