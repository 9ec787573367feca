"""`run_demo.py matrix`, with real servers and real load."""

import pytest

from matrix.model import read_matrix
from support.demo import Demo


@pytest.mark.slow
def test_matrix_of_one_fault_and_two_gateways(demo: Demo) -> None:
    """Measures both cells side by side, writes the matrix and its page, and the status says whether its claims hold."""
    arguments = ("--faults", "hang", "--gateways", "none,guard", "--seeds", "1", "--seconds", "6")
    status, out, err = demo.run("python3", "run_demo.py", "matrix", *arguments)
    assert status in (0, 1), f"{out}{err}"
    assert "hang, seed 1: 2 gateways" in out
    matrix = read_matrix(demo.results / "matrix.json")
    assert matrix.complete
    none, guard = matrix.cells
    assert (none.gateway, guard.gateway) == ("none", "guard")
    assert none.good_share < guard.good_share
    assert guard.verdict != "worse"
    assert (none.samples[0].calls or 0) > (guard.samples[0].calls or 0) > 0
    assert "hang, guard" in (demo.results / "matrix.html").read_text(encoding="utf-8")


def test_refuses_a_fault_that_there_is_not(demo: Demo) -> None:
    """One line on stderr, and nothing is started."""
    status, _, err = demo.run("python3", "run_demo.py", "matrix", "--faults", "boil")
    assert (status, err.count("\n")) == (2, 1)
    assert "no fault 'boil'" in err
