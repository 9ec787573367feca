"""api-gateway-v1, the naive gateway, with stubs in place of the services that it calls."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import TypeAdapter

from api_gateway_v1.app import create_app
from api_gateway_v1.settings import Settings
from shopkit.dependency import Dependency
from shopkit.errors import BadAnswer, DeadlineExceeded, RequestRejected, Unreachable
from storefront.clients import ProductService, RecommendationsService
from storefront.products import Product
from support.problems import a_problem

PRODUCTS = [Product(id=i, name=f"Product {i}", category="Tools", price=9.5, description="Works.") for i in range(1, 4)]


@dataclass
class Shop:
    """Stubs of both services: the calls they received, and an error for each that replaces its answers."""

    asked: list[str] = field(default_factory=list)
    products_fail: Exception | None = None
    recommendations_fail: Exception | None = None

    def product(self, product_id: int) -> Product:
        """Stand for ProductService.product."""
        self._ask(f"product {product_id}", self.products_fail)
        return PRODUCTS[product_id - 1]

    def products(self) -> list[Product]:
        """Stand for ProductService.products."""
        self._ask("products", self.products_fail)
        return PRODUCTS

    def related_to(self, product_id: int) -> list[Product]:
        """Stand for RecommendationsService.related_to."""
        self._ask(f"related to {product_id}", self.recommendations_fail)
        return [product for product in PRODUCTS if product["id"] != product_id]

    def _ask(self, question: str, error: Exception | None) -> None:
        self.asked.append(question)
        if error:
            raise error


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return the stubs that all clients in the process talk to."""
    shop = Shop()
    monkeypatch.setattr(ProductService, "product", shop.product)
    monkeypatch.setattr(ProductService, "products", shop.products)
    monkeypatch.setattr(ProductService, "ping", shop.products)
    monkeypatch.setattr(RecommendationsService, "related_to", shop.related_to)
    monkeypatch.setattr(RecommendationsService, "ping", lambda _service: shop.related_to(1))
    return shop


@pytest.fixture
def app(shop: Shop) -> Flask:  # noqa: ARG001 - in place before the application is
    """Return the gateway."""
    return create_app(Settings())


def test_answers_with_product_and_recommendations(client: FlaskClient, shop: Shop) -> None:
    """Product details have product, recommendations and timestamp, in this order, from one call to each service."""
    answer = client.get("/product-details/2")

    assert answer.status_code == 200
    details = answer.json or {}
    assert list(details) == ["product", "recommendations", "timestamp"]
    assert details["product"] == PRODUCTS[1]
    assert details["recommendations"] == [PRODUCTS[0], PRODUCTS[2]]
    assert datetime.fromisoformat(details["timestamp"]).utcoffset() is not None
    assert shop.asked == ["product 2", "related to 2"]


def test_fails_without_recommendations(client: FlaskClient, shop: Shop) -> None:
    """When recommendations fail, the naive gateway fails with 500 and the reason."""
    shop.recommendations_fail = DeadlineExceeded("recommendations-service", "did not answer within 30 s")

    answer = client.get("/product-details/1")

    assert answer.status_code == 500
    reason = "recommendations-service did not answer within 30 s"
    assert answer.json == a_problem(500, "Failed to get recommendations", reason=reason)


@pytest.mark.parametrize(
    ("path", "error", "status"),
    [
        ("/product-details/1", DeadlineExceeded("product-service", "did not answer within 2 s"), 504),
        ("/products/1", BadAnswer("product-service", "answered 500"), 502),
        ("/products", Unreachable("product-service", "is unreachable (ConnectionRefusedError)"), 502),
    ],
)
def test_fails_without_catalogue(client: FlaskClient, shop: Shop, path: str, error: Exception, status: int) -> None:
    """Without the product service every route answers 502, or 504 when it is late, and asks no other service."""
    shop.products_fail = error

    answer = client.get(path)

    assert answer.status_code == status
    assert answer.json == a_problem(status, str(error), dependency="product-service")
    assert len(shop.asked) == 1


def test_passes_on_unknown_product(client: FlaskClient, shop: Shop) -> None:
    """The catalogue's 404 is passed on, and recommendations are not asked for."""
    shop.products_fail = RequestRejected(404, "no such product")

    answer = client.get("/product-details/3")

    assert (answer.status_code, answer.json) == (404, a_problem(404, "no such product"))
    assert shop.asked == ["product 3"]


def test_passes_on_rejection_by_recommendations(client: FlaskClient, shop: Shop) -> None:
    """A 404 of recommendations is an answer, not a fault, and keeps its status."""
    shop.recommendations_fail = RequestRejected(404, "no such product")

    answer = client.get("/product-details/1")

    assert (answer.status_code, answer.json) == (404, a_problem(404, "no such product"))


@pytest.mark.parametrize("path", ["/product-details", "/products"])
def test_rejects_malformed_id(client: FlaskClient, shop: Shop, path: str) -> None:
    """The gateway itself answers a malformed id with 400 and asks no service."""
    answer = client.get(f"{path}/abc")

    assert answer.status_code == 400
    assert (answer.json or {})["error"] == "not a product id"
    assert not shop.asked


@pytest.mark.parametrize(("path", "expected"), [("/products", PRODUCTS), ("/products/2", PRODUCTS[1])])
def test_passes_on_catalogue(client: FlaskClient, shop: Shop, path: str, expected: object) -> None:
    """The routes of the catalogue work while recommendations fail."""
    shop.recommendations_fail = Unreachable("recommendations-service", "is away")

    answer = client.get(path)

    assert (answer.status_code, answer.json) == (200, expected)


@pytest.mark.parametrize(
    ("shop_state", "missing"),
    [
        ({}, None),
        ({"products_fail": Unreachable("product-service", "is away")}, ["product-service"]),
        ({"recommendations_fail": Unreachable("recommendations-service", "is away")}, ["recommendations-service"]),
    ],
)
def test_ready_with_both_services(
    client: FlaskClient, shop: Shop, shop_state: dict[str, Exception], missing: list[str] | None
) -> None:
    """The naive gateway is ready when both services are, and names the one that is missing."""
    vars(shop).update(shop_state)

    answer = client.get("/ready")

    assert answer.status_code == (503 if missing else 200)
    assert list((answer.json or {}).get("missing", {})) == (missing or [])


def test_calls_use_address_and_deadline_of_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each service is called at the address and with the deadline that the settings name."""
    calls = []

    def get(service: Dependency, path: str, _answer: TypeAdapter[Any]) -> list[Product]:
        calls.append((service.name, service._base_url, path, service._deadline_s))
        return []

    monkeypatch.setattr(Dependency, "get", get)
    settings = Settings(
        product_service_url="http://products:1",
        product_deadline_s=1.5,
        recommendations_service_url="http://recommendations:2",
        upstream_timeout_s=3,
    )

    create_app(settings).test_client().get("/product-details/7")

    assert calls == [
        ("product-service", "http://products:1", "/products/7", 1.5),
        ("recommendations-service", "http://recommendations:2", "/recommendations/7", 3.0),
    ]
