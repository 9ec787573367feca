"""product-service through its test client."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from product_service.app import create_app
from product_service.catalogue import Catalogue
from product_service.settings import Settings
from support.problems import a_problem

CATALOGUE = [product.model_dump() for product in Catalogue.read().products]


@pytest.fixture
def app() -> Flask:
    """Return the service."""
    return create_app(Settings())


def test_lists_all_products_in_order(client: FlaskClient) -> None:
    """GET /products answers with the whole catalogue in the order of its file."""
    answer = client.get("/products")

    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.json == CATALOGUE


def test_returns_each_product(client: FlaskClient) -> None:
    """GET /products/{id} answers with the same fields as the list, in the same order."""
    for product in CATALOGUE:
        answer = client.get(f"/products/{product['id']}")

        assert answer.status_code == 200
        assert list((answer.json or {}).items()) == list(product.items())


def test_rejects_unknown_product(client: FlaskClient) -> None:
    """An id without a product gives 404, and the answer repeats the id."""
    answer = client.get("/products/999999999")

    assert (answer.status_code, answer.json) == (404, a_problem(404, "no such product", id=999999999))


def test_rejects_malformed_id(client: FlaskClient) -> None:
    """A path that spells no id gives 400, and the answer says what an id looks like."""
    answer = client.get("/products/abc")

    assert answer.status_code == 400
    assert answer.json == a_problem(400, "not a product id", allowed="a whole number from 1 to 999999999")


def test_is_ready_without_other_services(client: FlaskClient) -> None:
    """The service is ready as soon as it runs, because it calls nobody."""
    assert client.get("/ready").status_code == 200
