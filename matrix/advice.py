"""Three questions that lead to a rung, each answer with the cells that speak for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from benchmarks.under_test.registry import GUARD, NONE
from matrix.model import Cell, Matrix
from matrix.plan import CAPACITY, HANG
from matrix.table import part
from report.quantities import NOTHING, milliseconds, number

QUESTIONS = (
    ("without", "Can the page do without it?", {"yes": "yes", "no": "no"}),
    ("repeat", "May the call be repeated?", {"yes": "yes", "no": "no"}),
    ("rate", "How many calls a second?", {"many": "one or more", "few": "fewer than one"}),
)
FLAKY = "error,rate=0.1"
PRODUCT_HANGS = "product:hang"

_RETRY = [(FLAKY, "budgeted-retry"), (FLAKY, GUARD.name), (CAPACITY, "naive-retry")]
_GUARD_WHY = "The guard serves the page at once and spares the sick service."
_DOWN = [(PRODUCT_HANGS, GUARD.name), (PRODUCT_HANGS, NONE.name)]
# by the answers, in the order of QUESTIONS: the rung, why, and which cells to look at
RULES: dict[tuple[str, ...], tuple[str, str, list[tuple[str, str]]]] = {
    ("yes", "yes", "many"): (
        GUARD.name,
        f"{_GUARD_WHY} Where only single calls fail, a retry within a budget keeps more recommendations.",
        [(HANG, GUARD.name), *_RETRY],
    ),
    ("yes", "no", "many"): (
        GUARD.name,
        _GUARD_WHY,
        [(HANG, GUARD.name), (HANG, "fallback"), (CAPACITY, GUARD.name)],
    ),
    ("yes", "yes", "few"): (
        "budgeted-retry",
        "With few calls, a breaker seldom trips. A second attempt within a budget, then a page without.",
        _RETRY,
    ),
    ("yes", "no", "few"): (
        "fallback",
        "With few calls, a breaker seldom trips. A deadline and a page without are enough.",
        [(HANG, "fallback"), (HANG, NONE.name)],
    ),
    ("no", "yes", "many"): (
        "budgeted-retry",
        "A second attempt saves single failures, and a budget keeps attempts from adding to an overload.",
        [(FLAKY, "budgeted-retry"), (FLAKY, "timeout"), (CAPACITY, "naive-retry"), *_DOWN],
    ),
    ("no", "yes", "few"): (
        "budgeted-retry",
        "A second attempt saves single failures, and a budget keeps attempts from adding to an overload.",
        [(FLAKY, "budgeted-retry"), (FLAKY, "timeout")],
    ),
    ("no", "no", "many"): (
        GUARD.name,
        "Nothing can keep this page. A breaker answers at once while the dependency is down, and spares it.",
        _DOWN,
    ),
    ("no", "no", "few"): (
        "timeout",
        "Nothing can keep this page; a deadline at least bounds the wait. With few calls, a breaker seldom trips.",
        [(HANG, "timeout"), (HANG, NONE.name)],
    ),
}


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do for one set of answers."""

    answers: tuple[str, ...]  # in the order of QUESTIONS
    rung: str
    why: str
    cells: list[tuple[Cell, str]]  # each with its numbers in words

    @property
    def key(self) -> str:
        """The answers as one word."""
        return "-".join(self.answers)

    @property
    def asked(self) -> str:
        """The questions and answers as a sentence."""
        return " ".join(f"{text} {of[answer]}." for (_, text, of), answer in zip(QUESTIONS, self.answers, strict=True))


def advice(matrix: Matrix) -> list[Advice]:
    """Return the advice for every set of answers."""
    return [_advice(matrix, answers) for answers in product(*(of for _, _, of in QUESTIONS))]


def _advice(matrix: Matrix, answers: tuple[str, ...]) -> Advice:
    rung, why, wanted = RULES[answers]
    found = (matrix.cell(fault, gateway) for fault, gateway in wanted)
    return Advice(answers, rung, why, [(cell, _in_words(cell)) for cell in found if cell])


def _in_words(cell: Cell) -> str:
    return "; ".join(_parts(cell))


def _parts(cell: Cell) -> Iterator[str]:
    yield f"{part(cell.good_share)} good pages"
    yield f"{part(cell.with_recommendations_share)} with recommendations"
    yield f"p99 {NOTHING if cell.p99_ms is None else milliseconds(cell.p99_ms)}"
    if cell.calls_factor is not None:
        yield f"calls for each one of v1: {number(cell.calls_factor)}"
