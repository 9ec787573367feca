"""GET / and GET /shop/products/{id} of a gateway: the answers of its JSON routes as web pages."""

from collections import defaultdict
from collections.abc import Callable

from flask import Blueprint, Response, render_template

from shopkit.errors import ApiError
from storefront.clients import Catalogue
from storefront.pages.bar import bar_context
from storefront.pages.headers import HEADERS
from storefront.pages.pictures import drawing
from storefront.pages.style import STYLE
from storefront.products import Product

ProductDetails = Callable[[str], dict[str, object]]


def shop_pages(products: Catalogue, product_details: ProductDetails) -> Blueprint:
    """Return the shop's pages; `product_details` is the view of GET /product-details/{id}."""
    pages = Blueprint("shop_pages", __name__, template_folder="templates")
    pages.context_processor(bar_context)
    pages.context_processor(lambda: {"style": STYLE, "drawing": drawing})
    pages.after_request(_finish)

    @pages.get("/")
    def home() -> str:
        return render_template("home.html", categories=_by_category(products.products()))

    @pages.get("/shop/products/<product_id>")
    def product_page(product_id: str) -> str:
        return render_template("product.html", **product_details(product_id))

    @pages.get("/shop/<path:_anything_else>")
    def no_such_page(_anything_else: str) -> str:
        raise ApiError(404, "no such page")

    return pages


def _finish(response: Response) -> Response:
    """Turn a JSON error, which `shopkit.errors` has made, into a page; add the pages' headers."""
    if response.is_json:
        page = render_template("error.html", status=response.status_code, problem=response.get_json())
        response.set_data(page)
        response.content_type = "text/html; charset=utf-8"
    response.headers.update(HEADERS)
    return response


def _by_category(products: list[Product]) -> dict[str, list[Product]]:
    """Group products by category, both in the catalogue's order."""
    shelves = defaultdict(list)
    for product in products:
        shelves[product["category"]].append(product)
    return shelves
