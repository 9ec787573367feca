"""GET /products and GET /products/{id}."""

from flask import Flask
from flask.typing import ResponseReturnValue

from product_service.catalogue import Catalogue
from product_service.settings import Settings
from shopkit.product_ids import parse_id
from shopkit.service import create_service


def create_app(settings: Settings | None = None) -> Flask:  # noqa: ARG001 - it needs none; every service has this signature
    """Build the application.

    Raises:
        StartError: the catalogue can't be read, or is invalid.
    """
    catalogue = Catalogue.read()
    app = create_service("product-service")

    @app.get("/products")
    def list_products() -> ResponseReturnValue:
        return [product.model_dump() for product in catalogue.products]

    @app.get("/products/<product_id>")
    def get_product(product_id: str) -> ResponseReturnValue:
        return catalogue.product(parse_id(product_id)).model_dump()

    return app
