"""What is measured, what is left, and how an interrupted measurement goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from matrix.measurement import Measurement, Step, conditions_of, resumed
from matrix.model import Matrix, Sample, read_matrix
from matrix.plan import BUSY, HANG, MatrixPlan
from matrix.run import NAME, measure
from support.matrices import a_matrix, a_measurement, a_sample

PLAN = MatrixPlan((HANG, "error"), ("none", "guard"), seeds=2, more_seeds=1)
QUIET = Console(quiet=True)

RunStep = Callable[[Step], dict[str, Sample]]


def runs(steps: list[Step], ends_at: int = 99) -> RunStep:
    """Return how runs are made: noted in `steps`; Ctrl-C during one of them."""

    def run_step(step: Step) -> dict[str, Sample]:
        if len(steps) == ends_at:
            raise KeyboardInterrupt
        steps.append(step)
        return {name: a_sample((8 * (name == "guard"), 0), seed=step.seed) for name in step.gateways}

    return run_step


def test_every_cell_gets_a_run_before_any_gets_a_second(tmp_path: Path) -> None:
    """An interrupted matrix is one of fewer seeds, not one of fewer faults."""
    steps: list[Step] = []
    whole = measure(Measurement(conditions_of(PLAN)), runs(steps), tmp_path, QUIET)
    assert [(step.fault, step.seed) for step in steps] == [(HANG, 1), ("error", 1), (HANG, 2), ("error", 2)]
    assert [len(cell.samples) for cell in whole.cells] == [2, 2, 2, 2]
    assert (tmp_path / "matrix.html").exists()


def test_interrupted_measurement_goes_on(tmp_path: Path) -> None:
    """Ctrl-C keeps the runs that are finished, and the next start makes the others only."""
    with pytest.raises(KeyboardInterrupt):
        measure(Measurement(conditions_of(PLAN)), runs([], ends_at=3), tmp_path, QUIET)
    kept = read_matrix(tmp_path / NAME)
    assert (kept.complete, kept.claims, len(kept.cells)) == (False, [], 4)
    assert "INTERRUPTED" in (tmp_path / "matrix.html").read_text(encoding="utf-8")

    steps: list[Step] = []
    going_on = resumed(conditions_of(PLAN), tmp_path / NAME)
    assert measure(going_on, runs(steps), tmp_path, QUIET).started_at == kept.started_at
    assert steps == [Step("error", 2, ["none", "guard"])]
    assert read_matrix(tmp_path / NAME).complete


@pytest.mark.parametrize("other", [MatrixPlan((HANG,), ("none", "guard")), None], ids=["another plan", "complete"])
def test_only_the_same_measurement_goes_on(tmp_path: Path, other: MatrixPlan | None) -> None:
    """What was asked for differently, or is complete, is measured from the start."""
    a_measurement().matrix(complete=other is None).write(tmp_path / NAME)
    wanted = conditions_of(other) if other else a_measurement().conditions
    assert resumed(wanted, tmp_path / NAME).samples == {}


def test_broken_file_is_measured_again(tmp_path: Path) -> None:
    """A file that cannot be read is no reason to refuse a new measurement."""
    (tmp_path / NAME).write_text("{")
    assert resumed(conditions_of(PLAN), tmp_path / NAME).samples == {}


def test_cell_that_is_not_decided_gets_more_runs_beside_v1() -> None:
    """Only such a cell, and only so many."""
    measurement = a_measurement({HANG: ((0, 0), (0, 8)), "error": ((8, 0), (8, 0))}, seeds=1, more_seeds=2)
    odd = a_sample((8, 0))
    odd.series.with_recommendations[5] = 0
    odd.series.with_recommendations[9] = 4
    measurement.samples["error", "timeout"] = [odd]
    steps = []
    for step in measurement.more_runs():
        steps.append(step)
        measurement.add(step, {name: a_sample((8, 0), seed=step.seed) for name in step.gateways})
    assert steps[0] == Step("error", 2, ["none", "timeout"])
    assert {step.fault for step in steps} == {"error"}
    assert len(steps) <= 2


def test_busy_gateway_is_measured_by_what_v1_serves() -> None:
    """A load that adapts asks a slow gateway for less, so the share of what it asked for would hide it."""
    cell = a_matrix({BUSY: ((8, 0), (2, 6))}).cell(BUSY, "timeout")
    assert cell
    assert (cell.good_share, cell.verdict) == (0.25, "worse")


def test_calls_are_counted_against_those_of_v1() -> None:
    """Retries multiply calls, and the factor says how often."""
    cell = a_matrix().cell(HANG, "naive-retry")
    assert cell
    assert cell.calls_factor == pytest.approx(250 / 96, abs=0.001)


def test_written_matrix_reads_back(tmp_path: Path) -> None:
    """Nothing is lost on the way."""
    made: Matrix = a_matrix()
    made.write(tmp_path / NAME)
    assert read_matrix(tmp_path / NAME) == made
