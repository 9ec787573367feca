"""The ceiling of a load, against a simulation of it."""

import random
from statistics import fmean, stdev

import pytest

from experiment.load import SPAWN_RATE, expected_requests, spread_of_requests


def simulated_requests(users: int, duration_s: float, chance: random.Random) -> int:
    """Return how many requests the users make when every answer takes no time."""
    count = 0
    for user in range(users):
        at = float(user // SPAWN_RATE)
        while at < duration_s:
            count += 1
            at += chance.uniform(1, 2)
    return count


@pytest.mark.parametrize(("users", "duration_s"), [(100, 60), (100, 10), (10, 5), (35, 25), (1, 30)])
def test_expected_requests_are_what_a_simulation_gives(users: int, duration_s: int) -> None:
    """The computed mean is within four standard errors of the mean of 200 simulated runs."""
    chance = random.Random(1)  # noqa: S311 - a simulation
    runs = [simulated_requests(users, duration_s, chance) for _ in range(200)]
    assert expected_requests(users, duration_s) == pytest.approx(
        fmean(runs), abs=4 * stdev(runs) / 200**0.5 + 0.02 * users
    )


def test_spread_is_what_a_simulation_gives() -> None:
    """The computed standard deviation is close to that of simulated runs."""
    chance = random.Random(2)  # noqa: S311 - a simulation
    runs = [simulated_requests(10, 60, chance) for _ in range(400)]
    assert spread_of_requests(10, 60) == pytest.approx(stdev(runs), rel=0.25)
