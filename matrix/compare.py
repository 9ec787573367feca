"""`run_demo.py matrix --compare A B`: how many verdicts of two whole matrices agree."""

from pathlib import Path

from benchmarks.under_test.registry import NONE
from experiment.errors import UsageError
from matrix.model import Cell, read_matrix
from report.quantities import share

EXPECTED = 0.95


def compare(a: Path, b: Path) -> int:
    """Print how many verdicts agree; return 0 if enough do, else 1.

    Raises:
        UsageError: a file is no matrix, or they have no cell in common that both have decided.
    """
    first = read_matrix(a)
    second = read_matrix(b)
    judged = [cell for cell in first.cells if cell.gateway != NONE.name]  # it is what the others are compared with
    pairs = [(cell, other) for cell in judged if (other := second.cell(cell.fault, cell.gateway))]
    decided = [(one, other) for one, other in pairs if "not decided" not in (one.verdict, other.verdict)]
    if not decided:
        raise UsageError(f"{a} and {b} have no cell in common that is decided in both")
    differ = [(one, other) for one, other in decided if one.verdict != other.verdict]
    agree = 1 - len(differ) / len(decided)
    print(f"{len(decided) - len(differ)} of {len(decided)} verdicts agree ({share(agree)})")
    if open_ones := len(pairs) - len(decided):
        print(f"not decided in one of the two or in both: {open_ones}")
    for one, other in differ:
        print(f"{one.fault}, {one.gateway}: {_shown(one)}, then {_shown(other)}")
    return 0 if agree >= EXPECTED else 1


def _shown(cell: Cell) -> str:
    return f"{cell.verdict} ({cell.gain_low:+.3f} to {cell.gain_high:+.3f})"
