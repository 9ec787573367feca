"""GET /product-details/{id}: a product, and the recommendations that go with it."""

from flask import Flask

from api_gateway_v2.protection import protect
from api_gateway_v2.settings import Settings
from shopkit.clock import timestamp
from shopkit.product_ids import parse_id
from shopkit.service import create_service
from storefront.catalogue_routes import catalogue_routes
from storefront.clients import ProductService, RecommendationsService
from storefront.pages import shop_pages


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application."""
    settings = settings or Settings()
    products = ProductService(settings)
    recommendations = RecommendationsService(
        settings,
        deadline_s=settings.recommendations_deadline_s,
        max_connections=settings.recommendations_connections,
    )
    app = create_service(
        settings.caller,
        needs={
            products.name: products.ping,
        },
    )
    products, recommendations = protect(app, products, recommendations, settings)
    app.register_blueprint(catalogue_routes(products))

    @app.get("/product-details/<product_id>")
    def product_details(product_id: str) -> dict[str, object]:
        wanted = parse_id(product_id)
        call = recommendations.start(wanted)  # on another thread
        product = products.product(wanted)
        related, mode = call.result()  # waits 0.9 s at most; not while OPEN
        return {
            "product": product,
            "recommendations": related,
            **mode,  # degraded_mode
            "timestamp": timestamp(),
        }

    app.register_blueprint(shop_pages(products, product_details))
    return app
