"""The ceiling of a closed load, compared with a simulation."""

from random import Random
from statistics import fmean, stdev

import pytest

from experiment.measure.expected import expected_requests, spread_of_requests
from experiment.plan import Closed
from load.visits import next_pause_s, rest_of_pause_s

RUNS = 200


def simulated_requests(users: int, duration_s: float, ramp_per_s: int | None, rng: Random) -> int:
    """Return how many requests the users make when every answer takes no time."""
    count = 0
    for user in range(users):
        at_s = (user // ramp_per_s if ramp_per_s else 0) + rest_of_pause_s(rng)
        while at_s < duration_s:
            count += 1
            at_s += next_pause_s(rng)
    return count


@pytest.mark.parametrize("ramp_per_s", [None, 10])
@pytest.mark.parametrize(("users", "duration_s"), [(100, 60), (10, 5), (1, 30)])
def test_expected_requests_match_a_simulation(users: int, duration_s: int, ramp_per_s: int | None) -> None:
    """The computed mean is within four standard errors of the mean of simulated runs."""
    rng = Random(1)  # noqa: S311 - a simulation
    runs = [simulated_requests(users, duration_s, ramp_per_s, rng) for _ in range(RUNS)]
    assert expected_requests(Closed(users, ramp_per_s), duration_s) == pytest.approx(
        fmean(runs), abs=4 * stdev(runs) / RUNS**0.5
    )


@pytest.mark.parametrize("ramp_per_s", [None, 1])
def test_spread_matches_a_simulation(ramp_per_s: int | None) -> None:
    """The computed standard deviation is close to that of simulated runs."""
    rng = Random(2)  # noqa: S311 - a simulation
    runs = [simulated_requests(10, 60, ramp_per_s, rng) for _ in range(2 * RUNS)]
    assert spread_of_requests(Closed(10, ramp_per_s), 60) == pytest.approx(stdev(runs), rel=0.25)


def test_users_who_join_after_the_end_make_no_request() -> None:
    """On a ramp of one user a second, only the six who join within 5.5 s make requests."""
    assert expected_requests(Closed(10, ramp_per_s=1), 5.5) == pytest.approx((5.5 + 4.5 + 3.5 + 2.5 + 1.5 + 0.5) / 1.5)
