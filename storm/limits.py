"""`run_demo.py storm --bisect`: the shortest stall that is lethal, measured and simulated."""

from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from experiment.measure.claim import claim
from experiment.results.model import Claim
from report.console import stdout_console
from report.quantities import seconds
from storm.claims import slowest_s, well_again
from storm.ladder import BREAKER, UNPROTECTED
from storm.model import RungRun
from storm.plan import BISECT_AFTER_S, BISECT_WELL_S, TRIGGER_S, StormPlan
from storm.search import turning_point_s
from storm.simulated import is_lethal
from storm.storm_run import Followed, storm_run
from storm.terminal import print_claims

PRECISION_S = 0.125  # of 8 s: seven runs
AGREES_WITHIN = 0.2
SEED = 1
LADDER = (UNPROTECTED, BREAKER)


@dataclass
class Tries:
    """The runs so far, each with a stall of another length."""

    console: Console
    logs: Path
    made: list[Followed] = field(default_factory=list)

    def is_lethal(self, stall_s: float) -> bool:
        """Make a run; return whether the unprotected shop is not well again in it.

        Raises:
            EnvironmentProblem: a service or the load fails.
        """
        plan = StormPlan(trigger_s=stall_s, well_s=BISECT_WELL_S, after_s=BISECT_AFTER_S)
        self.made.append(storm_run(plan, SEED, self.logs, LADDER))
        unprotected, guarded = self.made[-1].run.rungs
        text = f"a stall of {seconds(stall_s)}: unprotected {_fate(unprotected)}, with the breaker {_fate(guarded)}"
        self.console.print(text, highlight=False, soft_wrap=True)
        return unprotected.recovered_after_s is None

    def simulated_s(self) -> float | None:
        """Return what the model says, of the same visits."""
        arrivals_s = self.made[-1].arrivals_s
        return turning_point_s(
            lambda stall_s: is_lethal(arrivals_s, BISECT_WELL_S, BISECT_WELL_S + stall_s), TRIGGER_S, PRECISION_S
        )


def bisect(logs: Path) -> int:
    """Search, and print; return 0 when every claim held, else 1.

    Raises:
        EnvironmentProblem: a service or the load fails.
    """
    tries = Tries(stdout_console(), logs)
    logs.mkdir(parents=True, exist_ok=True)
    measured_s = turning_point_s(tries.is_lethal, TRIGGER_S, PRECISION_S)
    found = claims(tries, measured_s, tries.simulated_s())
    print_claims(tries.console, found)
    return 0 if all(one.held for one in found) else 1


def claims(tries: Tries, measured_s: float | None, simulated_s: float | None) -> list[Claim]:
    """Return what the search must show."""
    name = "unprotected, the shortest stall that is lethal"
    off = abs(simulated_s / measured_s - 1) if measured_s and simulated_s else None
    said = "the model" if simulated_s is None else f"the model says {seconds(simulated_s)}, and"
    guarded = [rung for one in tries.made if (rung := one.run.rung(BREAKER.name))]
    return [
        claim(name, measured_s, "<=", TRIGGER_S, "s"),
        claim(f"{said} is off by", off, "<=", AGREES_WITHIN, "share"),
        well_again(slowest_s(guarded)),
    ]


def _fate(rung: RungRun) -> str:
    after_s = rung.recovered_after_s
    return "stays down" if after_s is None else f"is well again after {seconds(after_s)}"
