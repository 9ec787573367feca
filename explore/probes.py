"""Many circuits and a dependency that has healed, with a limited capacity: do their probes alone keep it down?

The dependency works on one probe after the other, also for those who have left, as the fault `capacity` does. A probe
that is answered within the deadline closes its circuit. No other call is made.
"""

from heapq import heapify, heappop, heappush
from random import Random

from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.cooldown import cooldown_s
from explore.point import Point

TRIPPED_WITHIN_S = 1.0
SICK_S = 300.0
WATCHED_S = 1800.0  # after it has healed


def all_closed_s(point: Point, replicas: int, capacity_per_s: float, seed: int = 0) -> float | None:
    """Return how long after the dependency has healed the last circuit closes; None: not within half an hour.

    All circuits trip within a second, and the dependency hangs for some minutes.
    """
    rng = Random(seed)  # noqa: S311 - a simulation
    settings = BreakerSettings.of_policy(**point.breaker)
    due = [(rng.uniform(0, TRIPPED_WITHIN_S) + cooldown_s(settings, 0, rng), 0) for _ in range(replicas)]
    heapify(due)
    free_s = closed_s = SICK_S
    while due:
        at_s, failed = heappop(due)
        if at_s > SICK_S + WATCHED_S:
            return None
        if at_s >= SICK_S:
            free_s = max(free_s, at_s) + 1 / capacity_per_s
            if free_s - at_s <= point.deadline_s:
                closed_s = max(closed_s, free_s)
                continue
        heappush(due, (at_s + point.deadline_s + cooldown_s(settings, failed + 1, rng), failed + 1))
    return closed_s - SICK_S
