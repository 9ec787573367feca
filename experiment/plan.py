"""The plan of a run: its phases and its load. Standard library only."""

from dataclasses import dataclass, replace

from experiment.phases import Phase
from load.visits import PAUSE_S

# The fault ends neither when hung calls end (after 30 and 60 s) nor when a probe is due (every 12 s, from 10.5 s on),
# so that both gateways recover as late as they usually do.
PHASES_S = {Phase.HEALTHY: 15.0, Phase.FAULT: 40.0, Phase.RECOVERY: 45.0}
HANG_S = 30.0  # of the default fault
QUICK_S = 32.0  # all phases, in the same proportions; under 45 s with starting and stopping
CLASSIC_S = 120.0  # the original run: the fault from the start, and no recovery
CLASSIC_RAMP_PER_S = 10
USERS = 100


@dataclass(frozen=True, slots=True)
class Closed:
    """Users who pause after each answer; without a ramp, all of them start at once."""

    users: int  # at each gateway
    ramp_per_s: int | None = None
    pause_s: tuple[float, float] = PAUSE_S  # shortest and longest


@dataclass(frozen=True, slots=True)
class Open:
    """Requests on a schedule."""

    arrival_rate_per_s: float  # at each gateway


@dataclass(frozen=True, slots=True)
class Workers:
    """Locust workers among which the load on each gateway is shared."""

    count: int
    port: int = 0  # where they are waited for at the first gateway's load, the next port for the next; 0: started here

    def at(self, gateway: int) -> "Workers":
        """Return the workers of a gateway, numbered from 0."""
        return replace(self, port=self.port + gateway) if self.port else self


@dataclass(frozen=True, slots=True)
class Plan:
    """One run."""

    phases_s: dict[Phase, float]  # in order; a phase may be left out
    load: Closed | Open
    seed: int
    faults: tuple[str, ...] = ("hang",)  # as on the command line
    only: str = ""  # the one kind of visit that is made, a key of load.visits.ROUTES; empty: all kinds
    workers: Workers | None = None  # None: one process makes the load on a gateway

    @property
    def duration_s(self) -> float:
        """Length of the load."""
        return sum(self.phases_s.values())

    def at(self, gateway: int) -> "Plan":
        """Return the plan of the load on a gateway, numbered from 0."""
        return replace(self, workers=self.workers.at(gateway)) if self.workers else self

    def ends_s(self, phase: Phase) -> float:
        """Return when a phase is planned to end."""
        phases = list(self.phases_s)
        return sum(self.phases_s[earlier] for earlier in phases[: phases.index(phase) + 1])


def staggered(plan: Plan, number: int, count: int) -> Plan:
    """Return the plan of one of `count` runs, numbered from 0: with its own seed and its own end of the fault.

    How soon a gateway recovers depends on that moment: v1's hung calls end together, and v2 probes now and then. The
    moments are spread over one hang, unless the user has chosen the phases.
    """
    phases_s = dict(plan.phases_s)
    if phases_s == PHASES_S:
        phases_s[Phase.FAULT] += HANG_S * number / count
    return replace(plan, seed=plan.seed + number, phases_s=phases_s)


def phases_lasting(duration_s: float) -> dict[Phase, float]:
    """Return phases of this length in all, in the proportions of the default run."""
    whole_s = sum(PHASES_S.values())
    return {phase: length_s * duration_s / whole_s for phase, length_s in PHASES_S.items()}
