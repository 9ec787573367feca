"""The settings explorer, small: the search in processes, and the twin beside real servers."""

from pathlib import Path

import pytest
from rich.console import Console

from experiment.results import versioned
from explore.latency import QuantileLatency
from explore.model import Exploration
from explore.plan import ExplorePlan
from explore.point import Point
from explore.run import explore
from explore.traffic import Traffic
from explore.verify.run import verify
from explore.verify.trial import Trial

LATENCY = QuantileLatency({0.5: 0.01, 0.99: 0.05})


@pytest.mark.slow
def test_search_writes_its_results_and_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every point is measured, the shop's own settings lead, and the file reads back."""
    monkeypatch.setattr("explore.plan.QUICK_ROWS", 2)
    for module in ("search", "exploration"):
        monkeypatch.setattr(f"explore.{module}.SURE_CALLS", 5_000)
    assert explore(ExplorePlan(rate_per_s=5.0, latency=LATENCY, quick=True), tmp_path) == 0
    found = versioned.read(Exploration, tmp_path / "explore.json", "exploration")
    assert len(found.tried) == 24
    assert found.defaults.settings.fail_max == Point().fail_max
    assert found.best
    assert "With today's settings" in capsys.readouterr().out
    assert "Can it be trusted?" in (tmp_path / "explore.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_servers_do_what_the_twin_expects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hang opens the circuit of a real gateway, and it closes again, with pages degraded meanwhile."""
    for module in ("trial", "servers"):
        monkeypatch.setattr(f"explore.verify.{module}.WELL_S", 4.0)
    monkeypatch.setattr("explore.verify.trial.REPEATS", 2)
    monkeypatch.setattr("explore.verify.run.REPEATS", 2)
    trial = Trial(Point(reset_timeout_s=1.0), Traffic(20.0, LATENCY), sick_s=4.0, seed=1)
    found = verify([trial], "a test", tmp_path, Console(quiet=True))
    by_name = {one.quantity: one for one in found.compared}
    assert set(by_name) == {"open_s", "closed_s", "degraded_share", "false_trips"}
    assert by_name["open_s"].measured >= trial.point.slow_call_s
    assert 0 < by_name["degraded_share"].measured < 1
    assert by_name["degraded_share"].expected == pytest.approx(4.5 / trial.story.lasts_s, abs=0.25)
