"""Both gateways, with stubs in place of the services that they call."""

from collections.abc import Callable

import pytest
from flask import Flask
from pydantic import TypeAdapter

import api_gateway_v1.app
import api_gateway_v2.app
from api_gateway_v1.settings import Settings as V1Settings
from api_gateway_v2.settings import Settings as V2Settings
from product_service.catalogue import Catalogue
from storefront.clients import ProductService, RecommendationsService
from storefront.products import Product

GATEWAYS: dict[str, Callable[[], Flask]] = {
    "api-gateway-v1": lambda: api_gateway_v1.app.create_app(V1Settings()),
    "api-gateway-v2": lambda: api_gateway_v2.app.create_app(V2Settings(breaker_reset_timeout_s=3600)),
}


class Services:
    """Stubs of both services: a catalogue to answer with, and an error for each that replaces its answers."""

    def __init__(self, catalogue: list[Product]) -> None:
        self.catalogue = catalogue
        self.products_fail: Exception | None = None
        self.recommendations_fail: Exception | None = None

    def products(self) -> list[Product]:
        """Stand for ProductService.products."""
        if self.products_fail:
            raise self.products_fail
        return self.catalogue

    def product(self, product_id: int) -> Product:
        """Stand for ProductService.product."""
        return self.products()[product_id - 1]

    def related_to(self, _product_id: int) -> list[Product]:
        """Stand for RecommendationsService.related_to."""
        if self.recommendations_fail:
            raise self.recommendations_fail
        return self.catalogue[1:3]


@pytest.fixture(scope="session")
def catalogue() -> list[Product]:
    """Return the shop's products as the gateways receive them."""
    products = [product.model_dump() for product in Catalogue.read().products]
    return TypeAdapter(list[Product]).validate_python(products)


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch, catalogue: list[Product]) -> Services:
    """Return both services, healthy until a test says otherwise."""
    services = Services(catalogue)
    monkeypatch.setattr(ProductService, "products", lambda _service: services.products())
    monkeypatch.setattr(ProductService, "product", lambda _service, product_id: services.product(product_id))
    monkeypatch.setattr(RecommendationsService, "related_to", lambda _service, wanted: services.related_to(wanted))
    return services


@pytest.fixture
def v1(services: Services) -> Flask:  # noqa: ARG001 - in place before the application is
    """Return the naive gateway."""
    return GATEWAYS["api-gateway-v1"]()


@pytest.fixture
def v2(services: Services) -> Flask:  # noqa: ARG001 - in place before the application is
    """Return the protected gateway."""
    return GATEWAYS["api-gateway-v2"]()


@pytest.fixture
def app(v1: Flask) -> Flask:
    """Return the gateway whose pages are tested where both show the same."""
    return v1
