"""What to measure, and how much. Standard library only: the command line makes the plan."""

from collections.abc import Sequence
from dataclasses import dataclass

HEALTHY = "none"
BUSY = "busy"
HANG = "hang"
SLOW = "slow,delay_s=1.5"
CAPACITY = "capacity,slots=1,service_s=0.25"  # 4 calls/s, half of what the load asks for

FAULTS = (
    HEALTHY,
    BUSY,
    HANG,
    SLOW,
    "slow,delay_s=0.3",
    "long-tail",
    "drip",
    "error",
    "error,rate=0.1",
    "error,rate=0.5",
    "malformed",
    "refuse",
    "reset",
    "cut",
    "redirect",
    "flapping",
    CAPACITY,
    "hang,product_id=1",
    "product:hang",
    "product:slow,delay_s=1.5",
)
QUICK_FAULTS = (BUSY, HANG, SLOW, "error,rate=0.1", "flapping", CAPACITY)
QUICK_GATEWAYS = ("none", "timeout", "naive-retry", "textbook-breaker", "guard")

FAULT_S = 12.0
ARRIVAL_RATE_PER_S = 10.0  # at each gateway; nine gateways beside each other leave two processors half idle
SEEDS = 3
MORE_SEEDS = 2
LONGEST_S = 43 * 60.0  # after which no further seeds are begun


@dataclass(frozen=True, slots=True)
class MatrixPlan:
    """The rows, the columns, and how often and how long."""

    faults: Sequence[str]
    gateways: Sequence[str]  # the first is `none`, that is v1
    seeds: int = SEEDS
    more_seeds: int = MORE_SEEDS
    fault_s: float = FAULT_S

    @property
    def well_s(self) -> float:
        """Time before the fault."""
        return self.fault_s / 4

    @property
    def recovery_s(self) -> float:
        """Time after the fault; by default two seconds more than the cooldown of the breakers."""
        return self.fault_s

    @property
    def run_s(self) -> float:
        """Length of the load of one run."""
        return self.well_s + self.fault_s + self.recovery_s
