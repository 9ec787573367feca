"""How much load, which trigger, and how long. Standard library only: the command line makes the plan."""

from dataclasses import dataclass

SLOTS = 2
SERVICE_S = 0.1  # so that the dependency can do SLOTS / SERVICE_S = 20 calls a second
ARRIVAL_RATE_PER_S = 14.0  # 70 % of that
TIMEOUT_S = 1.0  # of a gateway, for one call
ATTEMPTS = 4  # three retries
COOLDOWN_S = 10.0  # of the breaker

TRIGGERS = {
    "stall": "the dependency stands still (SIGSTOP), and then goes on with all that has come meanwhile",
    "kill": "the dependency is killed (SIGKILL), started again, and cold at first",
    "burst": "three times as many visitors come as usual",
}
TRIGGER_S = 8.0
DOWN_S = 3.0  # from a kill to the new start
COLD_S = 8.0  # after it
COLD_FACTOR = 5.0  # so many times as long a call takes then
BURST_FACTOR = 3

WELL_S = 10.0
AFTER_S = 75.0
STAYS_DOWN_S = 60.0  # after the trigger, unprotected, at least
QUICK_WELL_S = 6.0
QUICK_AFTER_S = 35.0
QUICK_STAYS_DOWN_S = 20.0
BISECT_WELL_S = 5.0
BISECT_AFTER_S = 25.0  # more than the breaker's cooldown, a probe and 5 s


@dataclass(frozen=True, slots=True)
class StormPlan:
    """One storm, once for each seed."""

    trigger: str = "stall"
    seeds: int = 1
    trigger_s: float = TRIGGER_S  # of a stall or a burst
    well_s: float = WELL_S
    after_s: float = AFTER_S  # from the end of the trigger
    stays_down_s: float = STAYS_DOWN_S

    @property
    def longest_s(self) -> float:
        """Length of the load: time enough for any trigger, and for servers that start slowly."""
        return self.well_s + max(self.trigger_s, 3 * DOWN_S + COLD_S) + self.after_s
