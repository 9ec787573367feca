"""GET /products and GET /products/{id} of a gateway, passed on from the product service."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from shopkit.product_ids import parse_id
from storefront.clients import Catalogue
from storefront.products import Product


def catalogue_routes(products: Catalogue) -> Blueprint:
    """Return the routes that show the catalogue of `products`."""
    routes = Blueprint("catalogue", __name__)

    @routes.get("/products")
    def list_products() -> ResponseReturnValue:
        return products.products()

    @routes.get("/products/<product_id>")
    def get_product(product_id: str) -> Product:
        return products.product(parse_id(product_id))

    return routes
