"""A line for each run, with the time that is left."""

import time
from collections.abc import Callable
from math import ceil
from pathlib import Path

from rich.console import Console

from matrix.measurement import Measurement, Step

MINUTE_S = 60
STARTS_IN_S = 10.0  # what the servers of a run need before its load, until a run has shown it


class Progress:
    """Says what goes on."""

    def __init__(
        self, console: Console, measurement: Measurement, file: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console
        self._clock = clock
        self._begun_at = clock()
        self._made = 0
        asked = measurement.conditions
        self._guess_s = STARTS_IN_S + asked.well_s + asked.fault_s + asked.recovery_s
        if done := sum(len(samples) for samples in measurement.samples.values()):
            console.print(f"Going on from {file}, which has {done} runs of a gateway", soft_wrap=True, highlight=False)

    def begin(self, step: Step, runs_left: int) -> None:
        """Announce a run; `runs_left` counts it, too."""
        each_s = (self._clock() - self._begun_at) / self._made if self._made else self._guess_s
        left = ceil(runs_left * each_s / MINUTE_S)
        minutes = "a minute" if left == 1 else f"{left} minutes"
        self._announce(step, f"{runs_left} to go, about {minutes}")

    def begin_another(self, step: Step) -> None:
        """Announce a run that a verdict still needs; nobody knows how many more there will be."""
        self._announce(step, "another run, as a verdict is not decided")

    def _announce(self, step: Step, why: str) -> None:
        self._made += 1
        self._console.print(f"{step.fault}, seed {step.seed}: {len(step.gateways)} gateways; {why}", highlight=False)
