"""Clients of the two services that the gateways call."""

from typing import Protocol

from pydantic import TypeAdapter

from shopkit.dependency import Dependency
from storefront.products import Product
from storefront.settings import GatewaySettings

_PRODUCT = TypeAdapter(Product)
_PRODUCTS = TypeAdapter(list[Product])


class Catalogue(Protocol):
    """The products of the shop; a gateway may put a protection between itself and the service that has them."""

    def product(self, product_id: int) -> Product:
        """Return one product; raises as `Dependency.get` does."""

    def products(self) -> list[Product]:
        """Return all products; raises as `Dependency.get` does."""


class ProductService(Dependency):
    """The catalogue, which both gateways call in the same way."""

    def __init__(self, settings: GatewaySettings) -> None:
        super().__init__(
            "product-service",
            settings.product_service_url,
            deadline_s=settings.product_deadline_s,
            max_connections=settings.threads,
            caller=settings.caller,
        )

    def product(self, product_id: int) -> Product:
        """Return one product; raises as `Dependency.get` does."""
        return self.get(f"/products/{product_id}", _PRODUCT)

    def products(self) -> list[Product]:
        """Return all products; raises as `Dependency.get` does."""
        return self.get("/products", _PRODUCTS)


class RecommendationsService(Dependency):
    """Related products; each gateway chooses its own deadline."""

    def __init__(self, settings: GatewaySettings, *, deadline_s: float, max_connections: int) -> None:
        super().__init__(
            "recommendations-service",
            settings.recommendations_service_url,
            deadline_s=deadline_s,
            max_connections=max_connections,
            caller=settings.caller,
        )

    def related_to(self, product_id: int) -> list[Product]:
        """Return the products that go with this one; raises as `Dependency.get` does."""
        return self.get(f"/recommendations/{product_id}", _PRODUCTS)
