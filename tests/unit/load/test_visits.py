"""What visitors do, and when they do it."""

from collections import Counter
from random import Random
from statistics import fmean

import pytest

from load.outcomes import Route
from load.visits import CATALOGUE_SHARE, ROUTES, join_after_s, next_pause_s, next_visit, rest_of_pause_s

MANY = 20_000
PRODUCT_IDS = range(1, 53)


@pytest.fixture
def rng() -> Random:
    """Return random numbers that are the same each time."""
    return Random(1)  # noqa: S311 - a simulation


def test_one_visit_in_five_is_to_the_catalogue(rng: Random) -> None:
    """The catalogue's share is within five standard errors of 20 %, and every product is looked at."""
    visits = [next_visit(rng, PRODUCT_IDS) for _ in range(MANY)]
    share = fmean(visit.route is Route.CATALOGUE for visit in visits)
    assert share == pytest.approx(CATALOGUE_SHARE, abs=5 * (0.2 * 0.8 / MANY) ** 0.5)
    assert {visit.product_id for visit in visits} == set(PRODUCT_IDS)


@pytest.mark.parametrize(("only", "route"), ROUTES.items())
def test_only_one_kind_of_visit_is_made(rng: Random, only: str, route: Route) -> None:
    """With `only`, no visit of the other kind is made."""
    assert {next_visit(rng, PRODUCT_IDS, only).route for _ in range(100)} == {route}


def test_same_seed_makes_the_same_visits() -> None:
    """Two runs with one seed ask for the same pages; another seed asks for others."""
    first, again, other = ([next_visit(Random(seed), PRODUCT_IDS) for _ in range(20)] for seed in (1, 1, 2))  # noqa: S311 - as above
    assert first == again != other


def test_path_of_a_visit_has_the_product() -> None:
    """A visit's path has the product's id in the place of the route's [id]."""
    visit = next_visit(Random(1), PRODUCT_IDS, "catalogue")  # noqa: S311 - as above
    assert visit.path == f"/products/{visit.product_id}"


def test_pause_is_from_one_to_two_seconds(rng: Random) -> None:
    """A pause takes 1 to 2 s, and 1.5 s on average."""
    pauses_s = [next_pause_s(rng) for _ in range(MANY)]
    assert 1 <= min(pauses_s) < max(pauses_s) <= 2
    assert fmean(pauses_s) == pytest.approx(1.5, abs=5 * 0.289 / MANY**0.5)


def test_rest_of_a_pause_has_the_mean_of_the_theory(rng: Random) -> None:
    """The rest of a pause is E[X^2] / 2 E[X] = 7/9 s on average for pauses X from 1 to 2 s, and not half a pause."""
    rests_s = [rest_of_pause_s(rng) for _ in range(MANY)]
    assert 0 <= min(rests_s) < max(rests_s) <= 2
    assert fmean(rests_s) == pytest.approx(7 / 9, abs=5 * 0.48 / MANY**0.5)  # 0.48 s is the standard deviation


def test_load_is_steady_from_the_first_moment(rng: Random) -> None:
    """When each user starts somewhere in a pause, every half second sees the same number of requests."""
    seen: Counter[int] = Counter()
    for _ in range(MANY):
        at_s = rest_of_pause_s(rng)
        while at_s < 6:
            seen[int(at_s * 2)] += 1
            at_s += next_pause_s(rng)
    expected = MANY * 0.5 / 1.5
    assert [seen[half] for half in range(12)] == pytest.approx([expected] * 12, abs=5 * (expected * 2 / 3) ** 0.5)


def test_user_without_a_pause_never_waits(rng: Random) -> None:
    """With a pause of 0 to 0 s, both the first pause and every other one take no time."""
    assert (rest_of_pause_s(rng, (0.0, 0.0)), next_pause_s(rng, (0.0, 0.0))) == (0, 0)


def test_ramp_lets_users_join_second_by_second() -> None:
    """With a ramp of two, two users join at the beginning, and two each second after; without one, all join at once."""
    assert [join_after_s(number, 2) for number in range(5)] == [0, 0, 1, 1, 2]
    assert join_after_s(4, 0) == 0
