"""Two matrices, compared."""

from pathlib import Path

import pytest

from experiment.errors import UsageError
from matrix.compare import compare
from matrix.plan import HANG
from support.matrices import TYPICAL, a_matrix


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Return the file of the typical matrix."""
    a_matrix().write(tmp_path / "a.json")
    return tmp_path / "a.json"


def test_same_verdicts_agree(first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All of 30, without those of v1, and the status says so."""
    assert compare(first, first) == 0
    assert capsys.readouterr().out == "30 of 30 verdicts agree (100 %)\n"


def test_differing_verdicts_are_named(first: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Fewer than 95 % that agree are a failure."""
    row = ((0, 0), (8, 0), (8, 0), (0, 0), (0, 5), (0, 8), (0, 0))
    a_matrix(TYPICAL | {HANG: row}).write(tmp_path / "b.json")
    assert compare(first, tmp_path / "b.json") == 1
    printed = capsys.readouterr().out
    assert printed.startswith("28 of 30 verdicts agree (93 %)\n")
    assert "hang, timeout: same (+0.000 to +0.000), then better (+1.000 to +1.000)" in printed


def test_needs_matrices_with_common_cells(first: Path, tmp_path: Path) -> None:
    """Without a cell that both have, there is nothing to say."""
    a_matrix({"error": ((0, 0),)}).write(tmp_path / "b.json")
    with pytest.raises(UsageError, match="no cell in common"):
        compare(first, tmp_path / "b.json")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "cannot read"),
        ("[]", "is not a matrix"),
        ('{"schema_version": 9}', "version 9"),
        ('{"schema_version": 1}', "broken"),
    ],
)
def test_refuses_what_is_no_matrix(first: Path, tmp_path: Path, text: str | None, says: str) -> None:
    """One line says why."""
    path = tmp_path / "b.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UsageError, match=says):
        compare(first, path)
