"""The ceiling of a closed load: how many requests it makes when every answer takes no time."""

import math

from load.visits import PAUSE_S

PAUSE_MEAN_S = sum(PAUSE_S) / 2
PAUSE_VARIANCE_S2 = (PAUSE_S[1] - PAUSE_S[0]) ** 2 / 12


def expected_requests(users: int, duration_s: float, ramp_per_s: int | None = None) -> float:
    """Return the mean number of requests: one for each user in every mean pause, since users start within a pause.

    With `ramp_per_s`, that many users join at the start of each second; without it, all are there from the start.
    """
    return sum(_times_active_s(users, duration_s, ramp_per_s)) / PAUSE_MEAN_S


def spread_of_requests(users: int, duration_s: float, ramp_per_s: int | None = None) -> float:
    """Return the standard deviation of that number: pauses are random (Cox, Renewal Theory, 1962, 3.3)."""
    return math.sqrt(sum(_times_active_s(users, duration_s, ramp_per_s)) * PAUSE_VARIANCE_S2 / PAUSE_MEAN_S**3)


def _times_active_s(users: int, duration_s: float, ramp_per_s: int | None) -> list[float]:
    starts = (k // ramp_per_s if ramp_per_s else 0 for k in range(users))
    return [duration_s - start for start in starts if start < duration_s]
