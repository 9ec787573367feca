"""`run_demo.py matrix`: measure every cell, print the table, and write matrix.json and matrix.html to results/."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from rich.console import Console

from benchmarks.under_test.registry import RUNGS, GatewayUnderTest
from experiment.paths import ROOT
from experiment.signals import held_back
from matrix.busy_run import busy_run
from matrix.fault_run import fault_run
from matrix.measurement import Measurement, Step, conditions_of, resumed
from matrix.model import Matrix, Sample
from matrix.page import write_page
from matrix.plan import BUSY, LONGEST_S, MatrixPlan
from matrix.progress import Progress
from matrix.rows import row_named
from matrix.terminal import print_matrix
from report.console import stdout_console

RESULTS = ROOT / "results"
NAME = "matrix.json"
WIDTH = 160  # of the table, when the output is not a terminal

RunStep = Callable[[Step], dict[str, Sample]]


class _Notes(Protocol):
    def begin(self, step: Step, runs_left: int) -> None: ...
    def begin_another(self, step: Step) -> None: ...


def matrix(plan: MatrixPlan, folder: Path = RESULTS) -> int:
    """Measure, print and write; return 0 when every claim held, else 1.

    Raises:
        UsageError: a row is no fault.
        EnvironmentProblem: a service or the load fails; what is measured is kept.
    """
    console = stdout_console()
    if not console.is_terminal:
        console.width = WIDTH
    rows = {name: row_named(name) for name in plan.faults}
    by_name = {gateway.name: gateway for gateway in RUNGS}
    (folder / "logs").mkdir(parents=True, exist_ok=True)

    def run_step(step: Step) -> dict[str, Sample]:
        gateways: list[GatewayUnderTest] = [by_name[name] for name in step.gateways]
        if step.fault == BUSY:
            return busy_run(rows[BUSY], gateways, step.seed, folder / "logs")
        return fault_run(rows[step.fault], gateways, step.seed, plan, folder / "logs")

    measured = measure(resumed(conditions_of(plan), folder / NAME), run_step, folder, console)
    print_matrix(console, measured)
    console.print(f"Open {folder / 'matrix.html'} in a browser", soft_wrap=True, highlight=False)
    return 0 if measured.held else 1


def measure(measurement: Measurement, run_step: RunStep, folder: Path, console: Console) -> Matrix:
    """Make the runs that are left; write the files after each, so that whatever ends this, finished cells are kept."""
    notes = Progress(console, measurement, folder / NAME)
    try:
        _run_all(measurement, run_step, folder, notes)
    except BaseException:
        if measurement.samples:
            _write(measurement.matrix(complete=False), folder)
            console.print(f"Stopped early. The same command goes on from {folder / NAME}", soft_wrap=True)
        raise
    whole = measurement.matrix(complete=True)
    _write(whole, folder)
    return whole


def _run_all(measurement: Measurement, run_step: RunStep, folder: Path, notes: _Notes) -> None:
    begun_at = time.monotonic()

    def make(step: Step) -> None:
        measurement.add(step, run_step(step))
        with held_back():
            measurement.matrix(complete=False).write(folder / NAME)

    left = measurement.runs_left()
    for number, step in enumerate(left):
        notes.begin(step, len(left) - number)
        make(step)
    for step in measurement.more_runs():
        if time.monotonic() - begun_at > LONGEST_S:
            return
        notes.begin_another(step)
        make(step)


def _write(measured: Matrix, folder: Path) -> None:
    with held_back():
        measured.write(folder / NAME)
        write_page(folder / "matrix.html", measured)
