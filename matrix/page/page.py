"""The page, assembled: template, styles, scripts, and the data of the cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.under_test.pages import Series
from benchmarks.under_test.registry import RUNGS
from experiment.results.whole_file import write_whole
from matrix.advice import QUESTIONS, advice
from matrix.findings import findings
from matrix.model import Cell, Matrix
from matrix.page.conditions import conditions
from matrix.table import MARKS, measured, numbers, part, tables_of
from report.offline_page import TABLE, environment, inlined, script
from report.page.page import FOLDER as REPORT
from report.verdict import shown

FOLDER = Path(__file__).parent
STYLES = (REPORT / "page.css", TABLE / "table.css", FOLDER / "matrix.css")  # it looks as the report does
SCRIPTS = (
    "data.js",
    "timeline.js",
    "cell.js",
    "sorting.js",
    "questions.js",
)  # in the order in which they need each other
STEPS = (0.999, 0.98, 0.8, 0.2, 0.0)  # shares of good pages from which a cell has the next colour
IN_WORDS = {"better": "better than v1", "same": "same as v1", "worse": "worse than v1", "not decided": "not decided"}


def write_page(path: Path, matrix: Matrix) -> None:
    """Write the page of a matrix."""
    write_whole(path, _page(matrix))


def _page(matrix: Matrix) -> str:
    templates = environment(FOLDER)
    templates.globals.update(shown=shown)
    return templates.get_template("template.html").render(
        matrix=matrix,
        findings=findings(matrix),
        questions=QUESTIONS,
        advice=advice(matrix),
        adds={rung.name: rung.adds for rung in RUNGS},
        rows=[(fault, _squares(matrix, fault)) for fault in measured(matrix)],
        tables=tables_of(matrix),
        conditions=conditions(matrix),
        data=[_data(cell) for cell in matrix.cells],
        style=inlined(*STYLES),
        scripts=[script(FOLDER / "scripts" / name) for name in SCRIPTS],
    )


@dataclass(frozen=True, slots=True)
class Square:
    """A cell of the picture."""

    cell: Cell
    step: int  # of its colour, from 0, the best

    @property
    def text(self) -> str:
        """What stands in it."""
        return part(self.cell.good_share)

    @property
    def mark(self) -> str:
        """Its verdict as a mark, for who does not see the colours."""
        mark = MARKS[self.cell.verdict]
        return mark and f" {mark}"

    @property
    def details(self) -> str:
        """What stands below that."""
        return f"{part(self.cell.with_recommendations_share)} full"

    @property
    def label(self) -> str:
        """All of it in words."""
        cell = self.cell
        whole = part(cell.with_recommendations_share)
        good = f"{part(cell.good_share)} good pages, {whole} with recommendations"
        return f"{cell.fault}, {cell.gateway}: {good}, {IN_WORDS[cell.verdict]}"


def _squares(matrix: Matrix, fault: str) -> list[Square | None]:
    cells = [matrix.cell(fault, gateway) for gateway in matrix.conditions.gateways]
    return [Square(cell, _step(cell.good_share)) if cell else None for cell in cells]


def _step(good_share: float) -> int:
    return next(step for step, least in enumerate(STEPS) if good_share >= least)


def _data(cell: Cell) -> dict[str, object]:
    """Return what the scripts show of a cell; its runs are added up, second by second."""
    first = cell.samples[0]
    return {
        "fault": cell.fault,
        "gateway": cell.gateway,
        "good_share": cell.good_share,
        "numbers": list(numbers(cell).items()),
        "fault_from_s": first.fault_from_s,
        "fault_to_s": first.fault_to_s,
        "series": {name: _added([getattr(s.series, name) for s in cell.samples]) for name in Series.model_fields},
    }


def _added(counts: Sequence[Sequence[int]]) -> list[int]:
    return [sum(second) for second in zip(*counts, strict=True)]
