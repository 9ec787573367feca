"""The naive gateway: it asks for the product, then for recommendations, and fails when either fails."""

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
        settings, deadline_s=settings.upstream_timeout_s, max_connections=settings.threads
    )
    app = create_service(
        "api-gateway-v1", needs={"product-service": products.ping, "recommendations-service": recommendations.ping}
    )
    app.register_blueprint(catalogue_routes(products))

    @app.get("/product-details/<product_id>")
    def product_details(product_id: str) -> dict[str, object]:
        wanted = parse_id(product_id)
        product = products.product(wanted)
        try:
            related = recommendations.related_to(wanted)  # this thread waits here, up to 30 s
        except DependencyError as error:
            raise ApiError(500, "Failed to get recommendations", reason=str(error)) from error
        return {"product": product, "recommendations": related, "timestamp": timestamp()}

    app.register_blueprint(shop_pages(products, product_details))
    return app
