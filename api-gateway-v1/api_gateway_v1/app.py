"""GET /product-details/{id}: a product, and the recommendations that go with it."""

from flask import Flask

from api_gateway_v1.settings import Settings
from shopkit.clock import timestamp
from shopkit.errors import ApiError, DependencyError
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
            recommendations.name: recommendations.ping,
        },
    )
    app.register_blueprint(catalogue_routes(products))

    @app.get("/product-details/<product_id>")
    def product_details(product_id: str) -> dict[str, object]:
        wanted = parse_id(product_id)
        product = products.product(wanted)
        try:
            related = recommendations.related_to(wanted)  # waits here, up to 30 s
        except DependencyError as e:
            raise ApiError(500, "Failed to get recommendations", reason=str(e)) from e
        return {
            "product": product,
            "recommendations": related,
            "timestamp": timestamp(),
        }

    app.register_blueprint(shop_pages(products, product_details))
    return app
