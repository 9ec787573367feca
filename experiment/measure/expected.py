"""The ceiling of a closed load: how many requests it makes when every answer takes no time."""

import math

from experiment.plan import Closed
from experiment.results.model import ClosedLoad


def expected_requests(load: Closed | ClosedLoad, duration_s: float) -> float:
    """Return the mean number of requests: one for each user in every mean pause, since users start within a pause.

    With a ramp, that many users join at the start of each second; without it, all are there from the start.
    """
    return sum(_times_active_s(load, duration_s)) / _pause_mean_s(load)


def spread_of_requests(load: Closed | ClosedLoad, duration_s: float) -> float:
    """Return the standard deviation of that number: pauses are random (Cox, Renewal Theory, 1962, 3.3)."""
    shortest, longest = load.pause_s
    variance_s2 = (longest - shortest) ** 2 / 12
    return math.sqrt(sum(_times_active_s(load, duration_s)) * variance_s2 / _pause_mean_s(load) ** 3)


def _pause_mean_s(load: Closed | ClosedLoad) -> float:
    return sum(load.pause_s) / 2


def _times_active_s(load: Closed | ClosedLoad, duration_s: float) -> list[float]:
    starts = (number // load.ramp_per_s if load.ramp_per_s else 0 for number in range(load.users))
    return [duration_s - start for start in starts if start < duration_s]
