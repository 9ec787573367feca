"""What the matrix says: claims, where the guard is not the best, and the table on the terminal."""

import re
from collections.abc import Iterable
from io import StringIO

from rich.console import Console

from benchmarks.under_test.registry import RUNGS
from matrix.advice import QUESTIONS, RULES, advice
from matrix.findings import findings
from matrix.model import Matrix
from matrix.plan import BUSY, CAPACITY, FAULTS, HANG, QUICK_FAULTS, QUICK_GATEWAYS
from matrix.rows import row_named
from matrix.terminal import print_matrix
from support.matrices import FLAKY, TYPICAL, Good, a_matrix


def printed(matrix: Matrix) -> str:
    """Return what the terminal shows."""
    console = Console(file=StringIO(), width=160)
    print_matrix(console, matrix)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def changed(fault: str, gateway: int, good: Good) -> dict[str, tuple[Good, ...]]:
    """Return the typical matrix with another value in one cell."""
    row = list(TYPICAL[fault])
    row[gateway] = good
    return TYPICAL | {fault: tuple(row)}


def broken(matrix: Matrix) -> list[str]:
    """Return the names of the claims that do not hold."""
    return [claim.name for claim in matrix.claims if not claim.held]


def test_every_claim_holds_where_all_is_as_expected() -> None:
    """Ten claims, all of them made and held."""
    typical = a_matrix()
    assert len(typical.claims) == 10
    assert broken(typical) == []


def test_claim_breaks_with_the_cell_that_it_is_about() -> None:
    """Each claim notices when its cell says otherwise."""
    breaks = {
        "v1 serves hardly a page in time: good ones in hang": (HANG, 0, (8, 0)),
        "a timeout alone": (HANG, 1, (8, 0)),
        "the textbook breaker": (BUSY, 4, (8, 0)),
        "Envoy cannot keep": (HANG, 6, (8, 0)),
        "the whole guard keeps the page": (FLAKY, 5, (7, 0)),
        "the whole guard is nowhere worse": (BUSY, 5, (7, 0)),
    }
    for name, change in breaks.items():
        names = broken(a_matrix(changed(*change)))
        assert [found for found in names if found.startswith(name)], (name, names)


def test_only_what_is_measured_is_claimed() -> None:
    """A matrix of two cells claims what these show, and an interrupted one nothing."""
    small = a_matrix({HANG: ((0, 0), (0, 0))})
    assert [claim.name.split(":")[0] for claim in small.claims] == [
        "v1 serves hardly a page in time",
        "a timeout alone still fails pages",
    ]
    assert a_matrix(complete=False).claims == []


def test_says_first_where_the_guard_is_not_the_best() -> None:
    """Another rung that keeps more recommendations, with as many good pages, is named with its numbers."""
    first = findings(a_matrix())[0]
    assert (first.kind, first.listed) == (
        "beaten",
        (f"{FLAKY}: naive-retry has 100 % pages with recommendations, the guard 88 %",),
    )
    more_pages = findings(a_matrix(changed(HANG, 4, (0, 8)) | {HANG: (*TYPICAL[HANG][:4], (0, 8), (0, 4), (0, 0))}))[0]
    assert "hang: textbook-breaker has 100 % good pages, the guard 50 %" in more_pages.listed


def test_terminal_shows_findings_table_and_claims() -> None:
    """Better and worse are marked, so that nobody needs colours."""
    text = printed(a_matrix())
    assert text.index("not the best choice in 1 of 5 faults") < text.index("With the whole guard, more pages")
    row = next(line for line in text.splitlines() if line.startswith("│ busy"))
    assert re.findall(r"\d+ %(?: [!+?])?", row) == ["100 %"] * 4 + ["0 % !", "100 %", "62 % !"]
    assert "DOES NOT HOLD" not in text
    assert text.count("holds  ") == 10


def test_interrupted_matrix_says_so() -> None:
    """It shows what it has, and claims nothing."""
    text = printed(a_matrix(complete=False))
    assert "INTERRUPTED: only 35 of 35 cells are measured" in text
    assert "holds" not in text


def test_every_answer_has_its_advice() -> None:
    """Each combination of answers leads to a rung that there is, with cells that speak for it."""
    given = advice(a_matrix())
    assert {one.answers for one in given} == set(RULES)
    assert len(given) == 2 ** len(QUESTIONS)
    assert {one.rung for one in given} <= {rung.name for rung in RUNGS}
    assert all(one.cells or one.answers == ("no", "no", "many") for one in given)  # its fault is not in this matrix


def test_advice_looks_at_cells_of_the_whole_matrix() -> None:
    """The faults and gateways that it names are rows and columns of the default matrix."""
    wanted: Iterable[tuple[str, str]] = [cell for _, _, cells in RULES.values() for cell in cells]
    assert {fault for fault, _ in wanted} <= set(FAULTS)
    assert {gateway for _, gateway in wanted} <= {rung.name for rung in RUNGS}


def test_rows_and_columns_exist() -> None:
    """Every row is a fault that a service can have, and the quick matrix is a part of the whole."""
    assert [row_named(name).name for name in FAULTS] == list(FAULTS)
    assert set(QUICK_FAULTS) <= set(FAULTS)
    assert set(QUICK_GATEWAYS) <= {rung.name for rung in RUNGS}
    assert {HANG, CAPACITY, BUSY} <= set(QUICK_FAULTS)
