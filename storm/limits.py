"""`run_demo.py storm --bisect`: the shortest stall that is lethal, and the largest load that recovers from a stall.

A model of queues and clocks stands beside every run, with the same visits and the same stall. No stall of up to
GUARDED_S may be lethal with the breaker: each that is tried, and one of that length.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console

from experiment.measure.claim import claim
from experiment.results.model import Claim
from report.console import stdout_console
from report.quantities import number, seconds
from storm.claims import slowest_s, well_again
from storm.ladder import BREAKER, UNPROTECTED, StormRung
from storm.model import RungRun
from storm.plan import ARRIVAL_RATE_PER_S, BISECT_AFTER_S, BISECT_WELL_S, TRIGGER_S, StormPlan
from storm.search import Interval, middle_of, turning_point
from storm.simulated import is_lethal
from storm.storm_run import Followed, storm_run
from storm.terminal import print_claims

PRECISION_S = 0.125  # of 8 s: seven runs
PRECISION_PER_S = 0.25  # of 14 visits/s: seven runs
GUARDED_S = 60.0
AGREES_WITHIN = 0.2
SEED = 1
BOTH = (UNPROTECTED, BREAKER)


@dataclass
class Tries:
    """The runs so far."""

    console: Console
    logs: Path
    usual: StormPlan
    made: list[Followed] = field(default_factory=list)

    def stall(self, stall_s: float) -> bool:
        """Make a run with a stall of this length; return whether the unprotected shop stays down.

        Raises:
            EnvironmentProblem: a service or the load fails.
        """
        return self._stays_down(replace(self.usual, trigger_s=stall_s), BOTH)

    def load(self, visits_per_s: float) -> bool:
        """Make a run with the usual stall and this load; return and raise as `stall` does."""
        return self._stays_down(replace(self.usual, visits_per_s=visits_per_s), (UNPROTECTED,))

    def guarded(self) -> None:
        """Make a run with the breaker alone and a long stall; raise as `stall` does."""
        self._stays_down(replace(self.usual, trigger_s=GUARDED_S), (BREAKER,))

    def simulated(self) -> Interval | None:
        """Return what the model says of the shortest stall, with the visits of the first run."""
        first = self.made[0]
        from_s = first.run.trigger_from_s

        def stays_down(stall_s: float) -> bool:
            to_s = from_s + stall_s
            arrivals_s = [at_s for at_s in first.arrivals_s if at_s < to_s + self.usual.after_s]
            return is_lethal(arrivals_s, from_s, to_s, self.usual.slots)

        return turning_point(stays_down, TRIGGER_S, PRECISION_S)

    def _stays_down(self, plan: StormPlan, ladder: Sequence[StormRung]) -> bool:
        made = storm_run(plan, SEED, self.logs, ladder)
        self.made.append(made)
        fates = [f"{rung.name} {_fate(rung)}" for rung in made.run.rungs]
        what = f"a stall of {seconds(plan.trigger_s)} at {number(plan.arrival_rate_per_s)} visits/s"
        says = f"; the model says: {self._simulated_fate(made)}" if UNPROTECTED in ladder else ""
        self.console.print(f"{what}: {', '.join(fates)}{says}", highlight=False, soft_wrap=True)
        return made.run.rungs[0].recovered_after_s is None

    def _simulated_fate(self, made: Followed) -> str:
        of_stall = made.run.trigger_from_s, made.run.trigger_to_s
        return "stays down" if is_lethal(made.arrivals_s, *of_stall, self.usual.slots) else "is well again"


def bisect(scale: int, logs: Path) -> int:
    """Search, and print; return 0 when every claim held, else 1.

    Raises:
        EnvironmentProblem: a service or the load fails.
    """
    logs.mkdir(parents=True, exist_ok=True)
    tries = Tries(stdout_console(), logs, StormPlan(well_s=BISECT_WELL_S, after_s=BISECT_AFTER_S, scale=scale))
    shortest = turning_point(tries.stall, TRIGGER_S, PRECISION_S)
    largest = turning_point(tries.load, ARRIVAL_RATE_PER_S, PRECISION_PER_S)
    tries.guarded()
    tries.console.print(_of_load(largest, scale), highlight=False, soft_wrap=True)
    found = claims(tries.made, shortest, tries.simulated())
    print_claims(tries.console, found)
    return 0 if all(one.held for one in found) else 1


def claims(made: Sequence[Followed], shortest: Interval | None, simulated: Interval | None) -> list[Claim]:
    """Return what the search must show."""
    measured_s, simulated_s = middle_of(shortest), middle_of(simulated)
    off = abs(simulated_s / measured_s - 1) if measured_s and simulated_s else None
    said = "the model" if simulated_s is None else f"the model says {seconds(simulated_s)}, and"
    guarded = [rung for one in made if (rung := one.run.rung(BREAKER.name))]
    return [
        claim("unprotected, the shortest stall that is lethal", shortest and shortest[1], "<=", TRIGGER_S, "s"),
        claim(f"{said} is off by", off, "<=", AGREES_WITHIN, "share"),
        well_again(slowest_s(guarded)),
    ]


def _of_load(largest: Interval | None, scale: int) -> str:
    what = f"unprotected, with a stall of {seconds(TRIGGER_S)}, the largest load that recovers within"
    below = "every load that was tried" if largest is None else f"{number(largest[0] * scale)} visits/s"
    return f"{what} {seconds(BISECT_AFTER_S)}: {below}"


def _fate(rung: RungRun) -> str:
    after_s = rung.recovered_after_s
    return "stays down" if after_s is None else f"is well again after {seconds(after_s)}"
