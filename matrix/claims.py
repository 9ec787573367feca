"""The claims: what the matrix must show. A claim is made only where the cells that it needs are measured."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.under_test.registry import GUARD, MESH, NONE, TEXTBOOK
from experiment.measure.claim import claim
from experiment.results.model import Claim
from matrix.model import Cell
from matrix.plan import BUSY, CAPACITY, HANG, SLOW
from matrix.rows import row_named

DIES = 0.2  # share of good pages; a queue takes a second to build up, and nobody is dead at once
TENTH = 0.1
MULTIPLIES = 2.0
KEEPS_ALL = 0.999
HARM = 0.02
BOUNDED_MS = 3000.0  # a deadline of 2 s, and the page around it


@dataclass(frozen=True, slots=True)
class _Judge:
    cells: list[Cell]

    def of(self, fault: str, gateway: str) -> Iterator[Cell]:
        """Yield the cell if it is measured."""
        return (cell for cell in self.cells if (cell.fault, cell.gateway) == (fault, gateway))

    def claims(self) -> Iterator[Claim]:
        for fault in (HANG, SLOW, CAPACITY):
            for cell in self.of(fault, NONE.name):
                yield claim(f"v1 dies of {fault}: good pages", cell.good_share, "<=", DIES, "share")
        for cell in self.of(HANG, "timeout"):
            yield claim("a timeout alone still fails pages: good ones in hang", cell.good_share, "<=", DIES, "share")
        for cell in self.of(CAPACITY, "naive-retry"):
            name = "naive retry makes overload worse: calls for each one of v1"
            yield claim(name, cell.calls_factor, ">=", MULTIPLIES, "calls")
        for cell in self.of(BUSY, TEXTBOOK.name):
            name = "the textbook breaker cuts a healthy gateway: pages served, of v1's"
            yield claim(name, cell.good_share, "<=", TENTH, "share")
        for cell in self.of(HANG, MESH.name):
            yield claim("Envoy bounds the wait: p99 in hang", cell.p99_ms, "<=", BOUNDED_MS, "ms")
            yield claim("Envoy cannot keep the page: good ones in hang", cell.good_share, "<=", DIES, "share")
        yield from self._guard()

    def _guard(self) -> Iterator[Claim]:
        guards = [cell for cell in self.cells if cell.gateway == GUARD.name]
        kept = [c for c in guards if c.fault != BUSY and not row_named(c.fault).of_product]
        if kept:
            least = min(kept, key=lambda cell: cell.good_share)
            name = f"the whole guard keeps the page in every fault of recommendations: least in {least.fault}"
            yield claim(name, least.good_share, ">=", KEEPS_ALL, "share")
        if guards:
            worst = min(guards, key=lambda cell: cell.gain)
            name = f"the whole guard is nowhere worse than v1: most in {worst.fault}"
            yield claim(name, max(0.0, -worst.gain), "<=", HARM, "share")


def claims(cells: list[Cell]) -> list[Claim]:
    """Return every claim that these cells can decide."""
    return list(_Judge(cells).claims())
