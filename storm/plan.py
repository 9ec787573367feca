"""How much load, which trigger, and how long. Standard library only: the command line makes the plan."""

from dataclasses import dataclass

# At scale 1; the slots and all loads grow by the scale.
SLOTS = 2
SERVICE_S = 0.1  # so that the dependency can do SLOTS / SERVICE_S = 20 calls a second
ARRIVAL_RATE_PER_S = 14.0  # 70 % of that
STEP_PER_S = 4  # of the loop: up to 24/s, and down again
STEPS_UP = 6

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
STEP_S = 12.0
QUICK_WELL_S = 6.0
QUICK_AFTER_S = 35.0
QUICK_STAYS_DOWN_S = 20.0
QUICK_STEP_S = 9.0
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
    step_s: float = STEP_S  # of the loop
    visits_per_s: float = ARRIVAL_RATE_PER_S  # at scale 1
    scale: int = 1

    @property
    def slots(self) -> int:
        """How many calls the dependency works on at a time."""
        return SLOTS * self.scale

    @property
    def arrival_rate_per_s(self) -> float:
        """The visits at each gateway."""
        return self.visits_per_s * self.scale

    @property
    def steps_per_s(self) -> list[int]:
        """The visits at each gateway in each step of the loop: up, and the same way down."""
        up = [STEP_PER_S * self.scale * number for number in range(1, STEPS_UP + 1)]
        return [*up, *up[-2::-1]]

    @property
    def longest_s(self) -> float:
        """Length of the load: time enough for any trigger, and for servers that start slowly."""
        return self.well_s + max(self.trigger_s, 3 * DOWN_S + COLD_S) + self.after_s
