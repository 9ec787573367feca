"""GET /products and GET /products/{id}, and the faults."""

import time
from collections.abc import Callable

from flask import Flask
from flask.typing import ResponseReturnValue

from product_service.catalogue import Catalogue
from product_service.settings import Settings
from shopkit.faults.routes import Faults
from shopkit.product_ids import parse_id
from shopkit.service import create_service


def create_app(
    settings: Settings | None = None,  # noqa: ARG001 - it needs none; every service has this signature
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Flask:
    """Build the application; its faults wait with `sleep`.

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

    Faults(sleep=sleep).init_app(app, hits=("list_products", "get_product"), counted_as="product")
    return app
