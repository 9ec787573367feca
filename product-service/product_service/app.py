"""GET /products and GET /products/{id}."""

from flask import Flask
from flask.typing import ResponseReturnValue

from product_service.settings import Settings
from shopkit.catalogue import Catalogue
from shopkit.products import Product, parse_id
from shopkit.service import create_service


def create_app(settings: Settings | None = None) -> Flask:  # noqa: ARG001 - it needs none; every service has this signature
    """Build the application.

    Raises:
        StartError: the catalogue is not fit to sell from.
    """
    catalogue = Catalogue.read()
    products = [entry.product() for entry in catalogue.products]
    app = create_service("product-service")

    @app.get("/products")
    def list_products() -> ResponseReturnValue:
        return products

    @app.get("/products/<product_id>")
    def get_product(product_id: str) -> Product:
        return catalogue.entry(parse_id(product_id)).product()

    return app
