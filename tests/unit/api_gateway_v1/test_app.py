"""api-gateway-v1, the naive gateway, with stubs for the services that it calls."""

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

PRODUCTS = [Product(id=i, name=f"Product {i}", category="Tools", price=9.5, description="Works.") for i in range(1, 4)]
RECOMMENDATIONS_ERRORS = [
    Unreachable("recommendations-service", "is unreachable (ConnectionRefusedError)"),
    DeadlineExceeded("recommendations-service", "did not answer within 30 s"),
    BadAnswer("recommendations-service", "answered 408"),
]
PRODUCT_ERRORS = [
    (Unreachable("product-service", "is unreachable (ConnectionRefusedError)"), 502),
    (BadAnswer("product-service", "answered 500"), 502),
    (DeadlineExceeded("product-service", "did not answer within 2 s"), 504),
]


@dataclass
class StubbedServices:
    """Stubs for both services: they record calls and raise the errors that a test sets."""

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
def shop(monkeypatch: pytest.MonkeyPatch) -> StubbedServices:
    """Return the stubs, in place of both clients."""
    shop = StubbedServices()
    monkeypatch.setattr(ProductService, "product", shop.product)
    monkeypatch.setattr(ProductService, "products", shop.products)
    monkeypatch.setattr(ProductService, "ping", shop.products)
    monkeypatch.setattr(RecommendationsService, "related_to", shop.related_to)
    monkeypatch.setattr(RecommendationsService, "ping", lambda _service: shop.related_to(1))
    return shop


@pytest.fixture
def app(shop: StubbedServices) -> Flask:  # noqa: ARG001 - in place before the application is
    """Return the gateway."""
    return create_app(Settings())


def test_returns_product_with_recommendations(client: FlaskClient, shop: StubbedServices) -> None:
    """The answer holds product, recommendations and time, in this order, from one call to each service."""
    answer = client.get("/product-details/2")

    assert answer.status_code == 200
    details = answer.json or {}
    assert list(details) == ["product", "recommendations", "timestamp"]
    assert details["product"] == PRODUCTS[1]
    assert details["recommendations"] == [PRODUCTS[0], PRODUCTS[2]]
    assert datetime.fromisoformat(details["timestamp"]).utcoffset() is not None
    assert shop.asked == ["product 2", "related to 2"]


@pytest.mark.parametrize("error", RECOMMENDATIONS_ERRORS)
def test_fails_when_recommendations_fail(client: FlaskClient, shop: StubbedServices, error: Exception) -> None:
    """The naive gateway answers 500 with the reason, however the recommendations service fails."""
    shop.recommendations_fail = error

    answer = client.get("/product-details/1")

    assert answer.status_code == 500
    assert answer.json == {"error": "Failed to get recommendations", "reason": str(error)}


@pytest.mark.parametrize("path", ["/product-details/1", "/products/1", "/products"])
@pytest.mark.parametrize(("error", "status"), PRODUCT_ERRORS)
def test_fails_when_the_product_service_fails(
    client: FlaskClient, shop: StubbedServices, error: Exception, status: int, path: str
) -> None:
    """Without the product service the answer is 502, or 504 when it is late, and no other service is called."""
    shop.products_fail = error

    answer = client.get(path)

    assert answer.status_code == status
    assert answer.json == {"error": str(error), "dependency": "product-service"}
    assert len(shop.asked) == 1


@pytest.mark.parametrize("path", ["/product-details/3", "/products/3"])
def test_passes_on_that_a_product_is_unknown(client: FlaskClient, shop: StubbedServices, path: str) -> None:
    """The 404 of the product service is passed on, and recommendations are not called."""
    shop.products_fail = RequestRejected(404, "no such product")

    answer = client.get(path)

    assert (answer.status_code, answer.json) == (404, {"error": "no such product"})
    assert shop.asked == ["product 3"]


def test_passes_on_a_rejection_by_recommendations(client: FlaskClient, shop: StubbedServices) -> None:
    """A 404 of the recommendations service is passed on with its status."""
    shop.recommendations_fail = RequestRejected(404, "no such product")

    answer = client.get("/product-details/1")

    assert (answer.status_code, answer.json) == (404, {"error": "no such product"})


@pytest.mark.parametrize("path", ["/product-details", "/products"])
@pytest.mark.parametrize("product_id", ["0", "abc", "%D9%A1"])
def test_rejects_invalid_product_ids(client: FlaskClient, shop: StubbedServices, path: str, product_id: str) -> None:
    """The gateway answers an invalid product id with 400 and calls no service."""
    answer = client.get(f"{path}/{product_id}")

    assert answer.status_code == 400
    assert (answer.json or {})["error"] == "not a product id"
    assert not shop.asked


@pytest.mark.parametrize(("path", "expected"), [("/products", PRODUCTS), ("/products/2", PRODUCTS[1])])
def test_passes_on_the_catalogue(client: FlaskClient, shop: StubbedServices, path: str, expected: object) -> None:
    """The catalogue is served while recommendations fail."""
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
def test_is_ready_when_both_services_are(
    client: FlaskClient, shop: StubbedServices, shop_state: dict[str, Exception], missing: list[str] | None
) -> None:
    """The naive gateway is ready only when both services answer, and names the one that does not."""
    vars(shop).update(shop_state)

    answer = client.get("/ready")

    assert answer.status_code == (503 if missing else 200)
    assert list((answer.json or {}).get("missing", {})) == (missing or [])


def test_calls_each_service_at_its_address_with_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses and deadlines of both calls come from the settings."""
    calls = []

    def get(service: Dependency, path: str, _answer: TypeAdapter[Any]) -> list[Product]:
        calls.append((service.name, service._base_url, path, service._deadline_s))
        return []

    monkeypatch.setattr(Dependency, "get", get)
    settings = Settings(
        product_service_url="http://products:1",
        product_deadline_s=1.5,
        recommendations_service_url="http://recommendations:2",
        UPSTREAM_TIMEOUT_S=3,
    )

    create_app(settings).test_client().get("/product-details/7")

    assert calls == [
        ("product-service", "http://products:1", "/products/7", 1.5),
        ("recommendations-service", "http://recommendations:2", "/recommendations/7", 3.0),
    ]
