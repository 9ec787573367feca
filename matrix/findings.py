"""What the matrix says in sentences: claims that do not hold, where the guard is not the best, and what was shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from benchmarks.under_test.registry import GUARD
from matrix.best import Beaten, beaten
from matrix.model import Matrix
from matrix.table import part
from report.verdict import shown


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, its kind, and what it lists."""

    kind: Literal["unheld", "interrupted", "beaten", "result"]
    text: str
    listed: tuple[str, ...] = ()


def findings(matrix: Matrix) -> list[Finding]:
    """Return the sentences, the least welcome first."""
    return list(_findings(matrix))


def _findings(matrix: Matrix) -> Iterator[Finding]:
    if better := beaten(matrix):
        of = f"{len(better)} of {len(matrix.conditions.faults)} faults"
        yield Finding("beaten", f"The whole guard is not the best choice in {of}:", tuple(map(_beaten, better)))
    if broken := [shown(claim) for claim in matrix.claims if not claim.held]:
        verb = "DOES NOT HOLD" if len(broken) == 1 else "DO NOT HOLD"
        yield Finding("unheld", f"{len(broken)} OF {len(matrix.claims)} CLAIMS {verb}:", tuple(broken))
    if not matrix.complete:
        yield Finding("interrupted", f"INTERRUPTED: only {len(matrix.cells)} of {_cells(matrix)} cells are measured.")
    if guards := [cell for cell in matrix.cells if cell.gateway == GUARD.name]:
        good = sum(cell.verdict == "better" for cell in guards)
        worse = sum(cell.verdict == "worse" for cell in guards)
        yield Finding(
            "result",
            f"With the whole guard, more pages are served than by v1 in {good} of {len(guards)} faults, "
            f"and fewer in {worse or 'none'}.",
        )


def _beaten(one: Beaten) -> str:
    best, guard = map(part, one.shares)
    return f"{one.best.fault}: {one.best.gateway} has {best} {one.by}, the guard {guard}"


def _cells(matrix: Matrix) -> int:
    return len(matrix.conditions.faults) * len(matrix.conditions.gateways)
