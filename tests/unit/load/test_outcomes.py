"""The outcome that an answer counts as."""

import json

import pytest

from load.outcomes import Outcome, Route, outcome_of

PRODUCT = {"id": 1, "name": "Kettle"}
WHOLE = {"product": PRODUCT, "recommendations": [PRODUCT]}
DEGRADED = {"product": PRODUCT, "recommendations": [], "degraded_mode": True}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (WHOLE, Outcome.FULL),
        (WHOLE | {"degraded_mode": False}, Outcome.FULL),
        (DEGRADED, Outcome.DEGRADED),
        (DEGRADED | {"degraded_mode": False}, Outcome.FAILED),
        (DEGRADED | {"product": None}, Outcome.FAILED),
        ({"recommendations": [PRODUCT]}, Outcome.FAILED),
    ],
)
def test_product_page_needs_its_product_and_recommendations(answer: object, outcome: Outcome) -> None:
    """A product page without the product has failed; one without recommendations must say that it is degraded."""
    assert outcome_of(Route.PRODUCT_DETAILS, 200, json.dumps(answer).encode()) is outcome


@pytest.mark.parametrize(("answer", "outcome"), [(PRODUCT, Outcome.FULL), ({"id": 1}, Outcome.FAILED)])
def test_catalogue_page_needs_its_product(answer: object, outcome: Outcome) -> None:
    """A catalogue page is full with the product alone, and failed without it."""
    assert outcome_of(Route.CATALOGUE, 200, json.dumps(answer).encode()) is outcome


@pytest.mark.parametrize("status", [0, 404, 500])
def test_other_status_than_200_has_failed(status: int) -> None:
    """No body makes up for a broken connection (status 0) or for a status other than 200."""
    assert outcome_of(Route.PRODUCT_DETAILS, status, json.dumps(WHOLE).encode()) is Outcome.FAILED


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null"])
@pytest.mark.parametrize("route", Route)
def test_answer_that_is_not_the_agreed_json_has_failed(route: Route, body: bytes) -> None:
    """A body that is no JSON object of the agreed form fails, whatever its status."""
    assert outcome_of(route, 200, body) is Outcome.FAILED
