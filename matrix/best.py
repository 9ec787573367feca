"""Where the whole guard is not the best rung: another serves more pages, or as many with more recommendations."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.under_test.registry import GUARD
from matrix.cells import paired, score
from matrix.model import Cell, Matrix
from matrix.verdicts import difference


@dataclass(frozen=True, slots=True)
class Beaten:
    """A fault in which another rung does better than the guard: certainly, by the same bootstrap as the verdicts."""

    best: Cell
    guard: Cell
    by: str  # what it has more of

    @property
    def shares(self) -> tuple[float, float]:
        """The share of the best, and that of the guard."""
        if self.by == "good pages":
            return self.best.good_share, self.guard.good_share
        return self.best.with_recommendations_share, self.guard.with_recommendations_share


def beaten(matrix: Matrix) -> list[Beaten]:
    """Return every fault in which the guard is not the best, with the rung that is."""
    found = (_in_fault(matrix, fault) for fault in matrix.conditions.faults)
    return [one for one in found if one]


def _in_fault(matrix: Matrix, fault: str) -> Beaten | None:
    guard = matrix.cell(fault, GUARD.name)
    if guard is None:
        return None
    others = [cell for cell in matrix.cells if cell.fault == fault and cell.gateway != GUARD.name]
    better = list(_better(guard, others))
    return max(better, key=lambda one: (one.by == "good pages", one.shares[0])) if better else None


def _better(guard: Cell, others: list[Cell]) -> Iterator[Beaten]:
    for other in others:
        pages, recommendations = (_verdict(other, guard, recommendations=what) for what in (False, True))
        if pages == "better":
            yield Beaten(other, guard, "good pages")
        elif pages != "worse" and recommendations == "better":
            yield Beaten(other, guard, "pages with recommendations")


def _verdict(one: Cell, other: Cell, *, recommendations: bool) -> str:
    pairs = paired(one.samples, other.samples)
    of_one = score(one.fault, pairs, recommendations=recommendations)
    of_other = score(one.fault, [(b, b) for _, b in pairs], recommendations=recommendations)
    return difference(of_one, of_other).verdict
