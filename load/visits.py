"""What visitors do, and when: four visits in five are to a product's page, one is to the plain catalogue."""

import math
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from load.outcomes import Route

ROUTES = {"product-details": Route.PRODUCT_DETAILS, "catalogue": Route.CATALOGUE}
CATALOGUE_SHARE = 0.2
PAUSE_S = (1.0, 2.0)  # shortest and longest pause after an answer; uniformly distributed between them


class Visit(NamedTuple):
    """One page that somebody wants to see."""

    route: Route
    product_id: int

    @property
    def path(self) -> str:
        """The page's path, with the product's id."""
        return self.route.replace("[id]", str(self.product_id))


def next_visit(rng: Random, product_ids: Sequence[int], only: str = "") -> Visit:
    """Return where a visitor goes next; with `only`, a key of ROUTES, always to this kind of page."""
    catalogue = rng.random() < CATALOGUE_SHARE
    route = ROUTES[only] if only else (Route.CATALOGUE if catalogue else Route.PRODUCT_DETAILS)
    return Visit(route, rng.choice(product_ids))


def next_pause_s(rng: Random, pause_s: Sequence[float] = PAUSE_S) -> float:
    """Return how long a visitor pauses, in seconds."""
    return rng.uniform(*pause_s)


def rest_of_pause_s(rng: Random, pause_s: Sequence[float] = PAUSE_S) -> float:
    """Return what is left, in seconds, of the pause that a visitor is in at a random moment.

    A load whose users start so is steady from its first moment. Long pauses are met in proportion to their length,
    and at any point of them (Cox, Renewal Theory, 1962, chapter 5).
    """
    shortest, longest = pause_s
    met_s = math.sqrt(shortest**2 + rng.random() * (longest**2 - shortest**2))
    return rng.random() * met_s


def join_after_s(number: int, ramp_per_s: float) -> float:
    """Return when a visitor joins, in seconds after the load's beginning; visitors count from 0, and ramp 0 is none."""
    return number // ramp_per_s if ramp_per_s else 0.0
