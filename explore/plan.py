"""What the command was asked for. Standard library only: the command line makes the plan."""

from dataclasses import dataclass
from pathlib import Path

from explore.traffic import PAUSE_S, Capacity, Latency

RATES_PER_S = (0.1, 5000.0)
LONGEST_DEADLINE_S = 60.0  # that api-gateway-v2 takes
MOST_USERS = 5000
MOST_VERIFIED = 100
MOST_GATEWAYS = 100_000
ROWS = 64  # of the design: ROWS x (2 + dimensions) points
QUICK_ROWS = 16
DEADLINE_S = 2.0
FAULT = "hang"


@dataclass(frozen=True, slots=True)
class ExplorePlan:
    """The traffic, from one of three sources or none, and what to do with it."""

    rate_per_s: float | None = None
    users: int | None = None  # closed ones, instead of a rate
    pause_s: tuple[float, float] = PAUSE_S  # of a user: shortest and longest
    capacity: Capacity | None = None  # of the dependency; None: any
    latency: Latency | None = None
    error_share: float = 0.0
    report: Path | None = None
    log: Path | None = None
    fault: str = FAULT  # that is to be expected, as in docs/faults.md
    deadline_s: float = DEADLINE_S
    verify: int = 0  # trials on real servers
    replicas: int = 0  # gateways in a fleet; 0: no fleet
    quick: bool = False

    @property
    def has_traffic(self) -> bool:
        """Whether a traffic is described at all."""
        return bool(self.rate_per_s or self.users or self.report or self.log)

    @property
    def rows(self) -> int:
        """Rows of the design."""
        return QUICK_ROWS if self.quick else ROWS
