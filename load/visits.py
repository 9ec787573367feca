"""What visitors do: four visits in five are to a product's page, one is to the plain catalogue."""

import math
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from load.outcomes import Route

ROUTES = {"product-details": Route.PRODUCT_DETAILS, "catalogue": Route.CATALOGUE}
CATALOGUE_SHARE = 0.2
PAUSE_S = (1.0, 2.0)  # how long a user pauses after an answer: anything between, evenly


class Visit(NamedTuple):
    """One page that somebody wants to see."""

    route: Route
    product_id: int

    @property
    def path(self) -> str:
        """Where it is."""
        return self.route.replace("[id]", str(self.product_id))


def next_visit(rng: Random, product_ids: Sequence[int], only: str = "") -> Visit:
    """Return where a visitor goes next; with `only`, always to this kind of page."""
    catalogue = rng.random() < CATALOGUE_SHARE
    route = ROUTES[only] if only else (Route.CATALOGUE if catalogue else Route.PRODUCT_DETAILS)
    return Visit(route, rng.choice(product_ids))


def next_pause_s(rng: Random) -> float:
    """Return how long a user pauses."""
    return rng.uniform(*PAUSE_S)


def rest_of_pause_s(rng: Random) -> float:
    """Return how long a user still pauses whom one meets at a random moment, so that the load is steady at once.

    The pause that one meets is long with a probability in proportion to its length, and one is anywhere in it
    (Cox, Renewal Theory, 1962, chapter 5).
    """
    shortest, longest = PAUSE_S
    met_s = math.sqrt(shortest**2 + rng.random() * (longest**2 - shortest**2))
    return rng.random() * met_s
