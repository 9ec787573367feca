"""What a run is asked to be: its phases and its load. Standard library only."""

from dataclasses import dataclass

from experiment.phases import Phase
from load.visits import PAUSE_S

PHASES_S = {Phase.HEALTHY: 15.0, Phase.FAULT: 60.0, Phase.RECOVERY: 45.0}
QUICK_S = 32.0  # in all, in the same proportions: with starting and stopping, under 45 s
CLASSIC_S = 120.0  # as the original run: the fault from the start, and no recovery
CLASSIC_RAMP_PER_S = 10
USERS = 100


@dataclass(frozen=True, slots=True)
class Closed:
    """Users who pause after each answer; without a ramp, all are there from the start."""

    users: int  # at each gateway
    ramp_per_s: int | None = None
    pause_s: tuple[float, float] = PAUSE_S  # shortest and longest


@dataclass(frozen=True, slots=True)
class Open:
    """Requests on a schedule."""

    arrival_rate_per_s: float  # at each gateway


@dataclass(frozen=True, slots=True)
class Plan:
    """One run."""

    phases_s: dict[Phase, float]  # in their order; one that is left out has no length
    load: Closed | Open
    seed: int
    only: str = ""  # the one kind of visit that is made, a key of load.visits.ROUTES; empty: all kinds

    @property
    def duration_s(self) -> float:
        """Length of the load."""
        return sum(self.phases_s.values())

    def ends_s(self, phase: Phase) -> float:
        """Return when a phase is to end."""
        phases = list(self.phases_s)
        return sum(self.phases_s[earlier] for earlier in phases[: phases.index(phase) + 1])


def shared_out(duration_s: float) -> dict[Phase, float]:
    """Return the phases of a run of this length, in the proportions of the default one."""
    whole_s = sum(PHASES_S.values())
    return {phase: length_s * duration_s / whole_s for phase, length_s in PHASES_S.items()}
