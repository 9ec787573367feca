"""The outcome of a request, and the route it was for. Standard library only."""

import json
from enum import StrEnum
from http.client import OK


class Outcome(StrEnum):
    """The outcome of one request."""

    FULL = "full"  # 200, with all that was asked for
    DEGRADED = "degraded"  # 200, the product without recommendations, and saying so
    FAILED = "failed"  # any other answer, or a broken connection
    UNANSWERED = "unanswered"  # still waiting when the run ended
    UNSENT = "unsent"  # never started: the generator had too many in flight


class Route(StrEnum):
    """The two kinds of visit, named by path."""

    PRODUCT_DETAILS = "/product-details/[id]"  # needs recommendations
    CATALOGUE = "/products/[id]"  # does not


def outcome_of(route: Route, status: int, body: bytes) -> Outcome:
    """Return the outcome of an answer; `status` is 0 for a connection that broke."""
    if status != OK:
        return Outcome.FAILED
    try:
        answer = json.loads(body)
        product = answer if route is Route.CATALOGUE else answer["product"]
        if not product["name"]:
            return Outcome.FAILED
        if route is Route.CATALOGUE:
            return Outcome.FULL
        if answer.get("degraded_mode"):
            return Outcome.DEGRADED
        return Outcome.FULL if answer["recommendations"] else Outcome.FAILED
    except (ValueError, TypeError, KeyError):
        return Outcome.FAILED
