"""`run_demo.py storm`: make the runs, print the table, and write storm.json and storm.html to results/."""

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
from storm.ladder import LADDER
from storm.model import Run, RungConditions, Storm, StormConditions
from storm.page import write_page
from storm.plan import ARRIVAL_RATE_PER_S, ATTEMPTS, COOLDOWN_S, SERVICE_S, SLOTS, TIMEOUT_S, TRIGGERS, StormPlan
from storm.storm_run import storm_run
from storm.terminal import print_storm

RESULTS = ROOT / "results"
NAME = "storm.json"
WIDTH = 140  # of the table, when the output is not a terminal

MakeRun = Callable[[int], Run]  # of a seed


def storm(plan: StormPlan, folder: Path = RESULTS) -> int:
    """Measure, print and write; return 0 when every claim held, else 1.

    Raises:
        EnvironmentProblem: a service or the load fails; runs that are finished are kept.
    """
    console = stdout_console()
    if not console.is_terminal:
        console.width = WIDTH
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    found = measure(plan, lambda seed: storm_run(plan, seed, folder / "logs").run, folder, console)
    print_storm(console, found)
    console.print(f"Open {folder / 'storm.html'} in a browser", soft_wrap=True, highlight=False)
    return 0 if found.held else 1


@dataclass
class Measurement:
    """The runs so far."""

    plan: StormPlan
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    runs: list[Run] = field(default_factory=list)

    def storm(self) -> Storm:
        """Return the storm as it stands."""
        complete = len(self.runs) == self.plan.seeds
        return Storm(
            started_at=self.started_at,
            complete=complete,
            conditions=_conditions(self.plan),
            runs=self.runs,
            claims=claims(self.runs, self.plan) if complete else [],
        )


def measure(plan: StormPlan, make_run: MakeRun, folder: Path, console: Console) -> Storm:
    """Make every run; write the files after each, so that whatever ends this, finished runs are kept."""
    measurement = Measurement(plan)
    for seed in range(1, plan.seeds + 1):
        console.print(_announced(plan, seed), highlight=False, soft_wrap=True)
        measurement.runs.append(make_run(seed))
        with held_back():
            measurement.storm().write(folder / NAME)
            write_page(folder / "storm.html", measurement.storm())
    return measurement.storm()


def _announced(plan: StormPlan, seed: int) -> str:
    minutes = plan.longest_s * (plan.seeds - seed + 1) / 60
    what = f"{len(LADDER)} rungs side by side; {TRIGGERS[plan.trigger]}"
    return f"seed {seed} of {plan.seeds}: {what}; at most about {minutes + 0.5:.0f} minutes to go"


def _conditions(plan: StormPlan) -> StormConditions:
    return StormConditions(
        trigger=plan.trigger,
        seeds=plan.seeds,
        well_s=plan.well_s,
        after_s=plan.after_s,
        stays_down_s=plan.stays_down_s,
        arrival_rate_per_s=ARRIVAL_RATE_PER_S,
        slots=SLOTS,
        service_s=SERVICE_S,
        timeout_s=TIMEOUT_S,
        attempts=ATTEMPTS,
        cooldown_s=COOLDOWN_S,
        good_within_s=GOOD_WITHIN_S,
        rungs=[RungConditions(name=rung.name, adds=rung.gateway.adds, leaves=rung.leaves) for rung in LADDER],
    )
