"""What an answer counts as."""

import json

import pytest

from load.outcomes import Outcome, Route, outcome_of

PRODUCT = {"id": 1, "name": "Kettle"}


@pytest.mark.parametrize(
    ("route", "status", "body", "outcome"),
    [
        (Route.PRODUCT_DETAILS, 200, {"product": PRODUCT, "recommendations": [PRODUCT]}, Outcome.FULL),
        (
            Route.PRODUCT_DETAILS,
            200,
            {"product": PRODUCT, "recommendations": [PRODUCT], "degraded_mode": False},
            Outcome.FULL,
        ),
        (
            Route.PRODUCT_DETAILS,
            200,
            {"product": PRODUCT, "recommendations": [], "degraded_mode": True},
            Outcome.DEGRADED,
        ),
        (Route.PRODUCT_DETAILS, 200, {"product": PRODUCT, "recommendations": []}, Outcome.FAILED),
        (Route.PRODUCT_DETAILS, 200, {"recommendations": [], "degraded_mode": True}, Outcome.FAILED),
        (Route.PRODUCT_DETAILS, 200, {"product": None, "degraded_mode": True}, Outcome.FAILED),
        (Route.PRODUCT_DETAILS, 500, {"product": PRODUCT, "recommendations": [PRODUCT]}, Outcome.FAILED),
        (Route.PRODUCT_DETAILS, 0, None, Outcome.FAILED),
        (Route.CATALOGUE, 200, PRODUCT, Outcome.FULL),
        (Route.CATALOGUE, 200, {"id": 1}, Outcome.FAILED),
        (Route.CATALOGUE, 404, PRODUCT, Outcome.FAILED),
    ],
)
def test_answer_counts_as_what_it_is(route: Route, status: int, body: object, outcome: Outcome) -> None:
    """A fast answer without the product is a failure; one without recommendations must say that it is degraded."""
    assert outcome_of(route, status, json.dumps(body).encode()) is outcome


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b"null"])
@pytest.mark.parametrize("route", Route)
def test_answer_that_is_not_the_agreed_json_has_failed(route: Route, body: bytes) -> None:
    """Status 200 alone makes no success."""
    assert outcome_of(route, 200, body) is Outcome.FAILED
