"""api-gateway-v1, the naive one, with stubs in the place of the services that it calls."""

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
class Shop:
    """Both services: what they were asked, and how each fails when it is told to."""

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


def test_a_product_comes_with_its_recommendations(client: FlaskClient, shop: Shop) -> None:
    """The answer has the product, what goes with it and the time, in this order, and each service is asked once."""
    answer = client.get("/product-details/2")

    assert answer.status_code == 200
    details = answer.json or {}
    assert list(details) == ["product", "recommendations", "timestamp"]
    assert details["product"] == PRODUCTS[1]
    assert details["recommendations"] == [PRODUCTS[0], PRODUCTS[2]]
    assert datetime.fromisoformat(details["timestamp"]).utcoffset() is not None
    assert shop.asked == ["product 2", "related to 2"]


@pytest.mark.parametrize("error", RECOMMENDATIONS_ERRORS)
def test_no_recommendations_is_no_answer(client: FlaskClient, shop: Shop, error: Exception) -> None:
    """However the unimportant service fails, the naive gateway fails with 500 and says why."""
    shop.recommendations_fail = error

    answer = client.get("/product-details/1")

    assert answer.status_code == 500
    assert answer.json == {"error": "Failed to get recommendations", "reason": str(error)}


@pytest.mark.parametrize("path", ["/product-details/1", "/products/1", "/products"])
@pytest.mark.parametrize(("error", "status"), PRODUCT_ERRORS)
def test_no_product_is_no_answer(client: FlaskClient, shop: Shop, error: Exception, status: int, path: str) -> None:
    """Without the catalogue there is nothing to show: 502, or 504 when it is late, and nobody else is asked."""
    shop.products_fail = error

    answer = client.get(path)

    assert answer.status_code == status
    assert answer.json == {"error": str(error), "dependency": "product-service"}
    assert len(shop.asked) == 1


@pytest.mark.parametrize("path", ["/product-details/3", "/products/3"])
def test_an_unknown_product_is_not_found(client: FlaskClient, shop: Shop, path: str) -> None:
    """The catalogue's own 404 is passed on, and recommendations are not asked for."""
    shop.products_fail = RequestRejected(404, "no such product")

    answer = client.get(path)

    assert (answer.status_code, answer.json) == (404, {"error": "no such product"})
    assert shop.asked == ["product 3"]


def test_a_rejection_by_recommendations_is_passed_on(client: FlaskClient, shop: Shop) -> None:
    """An answer such as 404 from recommendations is an answer and no fault: it keeps its status."""
    shop.recommendations_fail = RequestRejected(404, "no such product")

    answer = client.get("/product-details/1")

    assert (answer.status_code, answer.json) == (404, {"error": "no such product"})


@pytest.mark.parametrize("path", ["/product-details", "/products"])
@pytest.mark.parametrize("product_id", ["0", "-1", "1.5", "abc", "%00", "9" * 10_000, "%D9%A1"])
def test_what_is_no_id_reaches_no_service(client: FlaskClient, shop: Shop, path: str, product_id: str) -> None:
    """400 comes from the gateway itself."""
    answer = client.get(f"{path}/{product_id}")

    assert answer.status_code == 400
    assert (answer.json or {})["error"] == "not a product id"
    assert not shop.asked


@pytest.mark.parametrize(("path", "expected"), [("/products", PRODUCTS), ("/products/2", PRODUCTS[1])])
def test_the_catalogue_is_passed_on(client: FlaskClient, shop: Shop, path: str, expected: object) -> None:
    """The catalogue needs no recommendations, and works while they fail."""
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
def test_it_is_ready_when_both_services_are(
    client: FlaskClient, shop: Shop, shop_state: dict[str, Exception], missing: list[str] | None
) -> None:
    """The naive gateway needs both."""
    vars(shop).update(shop_state)

    answer = client.get("/ready")

    assert answer.status_code == (503 if missing else 200)
    assert list((answer.json or {}).get("missing", {})) == (missing or [])


def test_each_call_has_its_address_and_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway asks the services it was told of, and waits for each as long as it was told to."""
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
