"""`run_demo.py storm`: make the runs, measure the loop, print, and write storm.json and storm.html to results/."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from experiment.measure.summary import GOOD_WITHIN_S
from experiment.paths import ROOT
from experiment.signals import held_back
from report.console import stdout_console
from storm.claims import claims
from storm.hysteresis import loop_of
from storm.ladder import LADDER
from storm.model import Loop, Run, RungConditions, Storm, StormConditions
from storm.page import write_page
from storm.plan import ATTEMPTS, COOLDOWN_S, SERVICE_S, TIMEOUT_S, TRIGGERS, StormPlan
from storm.storm_run import storm_run
from storm.terminal import print_storm

RESULTS = ROOT / "results"
NAME = "storm.json"
WIDTH = 140  # of the table, when the output is not a terminal

MakeRun = Callable[[int], Run]  # of a seed
MakeLoop = Callable[[], Loop]


def storm(plan: StormPlan, folder: Path = RESULTS) -> int:
    """Measure, print and write; return 0 when every claim held, else 1.

    Raises:
        EnvironmentProblem: a service or the load fails; runs that are finished are kept.
    """
    console = stdout_console()
    if not console.is_terminal:
        console.width = WIDTH
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    measurement = Measurement(plan, folder, console)
    found = measurement.made(lambda seed: storm_run(plan, seed, logs).run, lambda: loop_of(plan, logs))
    print_storm(console, found)
    console.print(f"Open {folder / 'storm.html'} in a browser", soft_wrap=True, highlight=False)
    return 0 if found.held else 1


@dataclass
class Measurement:
    """What is measured so far."""

    plan: StormPlan
    folder: Path
    console: Console
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    runs: list[Run] = field(default_factory=list)
    loop: Loop | None = None

    def made(self, make_run: MakeRun, make_loop: MakeLoop) -> Storm:
        """Measure all; write the files after each part, so that whatever ends this, finished parts are kept."""
        for seed in range(1, self.plan.seeds + 1):
            self._print(_announced(self.plan, seed))
            self.runs.append(make_run(seed))
            self._write()
        self._print(f"the loop: {', '.join(map(str, self.plan.steps_per_s))} visits/s, {self.plan.step_s:g} s each")
        self.loop = make_loop()
        self._write()
        return self.storm()

    def storm(self) -> Storm:
        """Return the storm as it stands."""
        complete = len(self.runs) == self.plan.seeds and self.loop is not None
        return Storm(
            started_at=self.started_at,
            complete=complete,
            conditions=_conditions(self.plan),
            runs=self.runs,
            loop=self.loop,
            claims=claims(self.runs, self.loop, self.plan) if complete and self.loop else [],
        )

    def _write(self) -> None:
        with held_back():
            self.storm().write(self.folder / NAME)
            write_page(self.folder / "storm.html", self.storm())

    def _print(self, text: str) -> None:
        self.console.print(text, highlight=False, soft_wrap=True)


def _announced(plan: StormPlan, seed: int) -> str:
    minutes = (plan.longest_s * (plan.seeds - seed + 1) + plan.step_s * len(plan.steps_per_s)) / 60
    what = f"{len(LADDER)} rungs side by side; {TRIGGERS[plan.trigger]}"
    return f"seed {seed} of {plan.seeds}: {what}; at most about {minutes + 0.5:.0f} minutes to go"


def _conditions(plan: StormPlan) -> StormConditions:
    return StormConditions(
        trigger=plan.trigger,
        seeds=plan.seeds,
        well_s=plan.well_s,
        after_s=plan.after_s,
        stays_down_s=plan.stays_down_s,
        scale=plan.scale,
        arrival_rate_per_s=plan.arrival_rate_per_s,
        slots=plan.slots,
        service_s=SERVICE_S,
        timeout_s=TIMEOUT_S,
        attempts=ATTEMPTS,
        cooldown_s=COOLDOWN_S,
        good_within_s=GOOD_WITHIN_S,
        rungs=[RungConditions(name=rung.name, adds=rung.gateway.adds, leaves=rung.leaves) for rung in LADDER],
    )
