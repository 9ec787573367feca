"""product-service through its test client."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from product_service.app import create_app
from product_service.settings import Settings
from shopkit.catalogue import Catalogue

CATALOGUE = [entry.product() for entry in Catalogue.read().products]


@pytest.fixture
def app() -> Flask:
    """Return the service."""
    return create_app(Settings())


def test_all_products_are_listed_in_the_shops_order(client: FlaskClient) -> None:
    """GET /products is the whole catalogue."""
    answer = client.get("/products")

    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.json == CATALOGUE


def test_every_product_can_be_had_alone(client: FlaskClient) -> None:
    """GET /products/{id} answers with the same product as the list, its fields in their order."""
    for product in CATALOGUE:
        answer = client.get(f"/products/{product['id']}")

        assert answer.status_code == 200
        assert list((answer.json or {}).items()) == list(product.items())


def test_an_unknown_product_is_not_found(client: FlaskClient) -> None:
    """404 says which id there is no product for."""
    answer = client.get("/products/999999999")

    assert (answer.status_code, answer.json) == (404, {"error": "no such product", "id": 999999999})


@pytest.mark.parametrize("product_id", ["0", "-1", "1.5", "abc", "%00", "9" * 10_000, "%D9%A1", "%2e%2e", "1%20"])
def test_what_is_no_id_is_refused(client: FlaskClient, product_id: str) -> None:
    """400 says what an id looks like."""
    answer = client.get(f"/products/{product_id}")

    assert answer.status_code == 400
    assert answer.json == {"error": "not a product id", "allowed": "a whole number from 1 to 999999999"}


@pytest.mark.parametrize("path", ["/products", "/products/1"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_catalogue_cannot_be_changed(client: FlaskClient, path: str, method: str) -> None:
    """Products are for reading."""
    assert client.open(path, method=method).status_code == 405


def test_it_needs_no_other_service(client: FlaskClient) -> None:
    """It is ready as soon as it runs."""
    assert client.get("/ready").status_code == 200
