"""The differences between two runs."""

from pathlib import Path

import pytest

from report.diff import diff
from support.reports import CLASSIC, a_report


def printed(capsys: pytest.CaptureFixture[str], tmp_path: Path, *kinds: dict[str, object]) -> str:
    """Return what `diff` prints of two runs of these kinds."""
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    for path, kind in zip(paths, kinds, strict=True):
        a_report(CLASSIC, **kind)[0].write(path)  # type: ignore[arg-type]  # options of a_report
    assert diff(*paths) == 0
    return capsys.readouterr().out


def test_same_run_differs_in_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A run compared with itself has the same settings and equal numbers."""
    out = printed(capsys, tmp_path, {}, {})
    assert "Asked for: the same." in out
    assert not any(word in out for word in ("better", "worse", "within chance"))


def test_worse_run_is_called_worse(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A run with another seed in which v2 fails shows the seed, and which numbers are worse and by how much."""
    out = printed(capsys, tmp_path, {}, {"seed": 2, "v2_fails": True})
    assert "seed" in out
    assert "worse (" in out
    assert "with --repeat 5" in out
