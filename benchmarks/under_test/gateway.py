"""A gateway like api-gateway-v1, with one of the small protections: `python -m benchmarks.under_test.gateway`.

Only the protection differs from one run of it to another; the rest is shopkit, as in the gateways of the shop.
"""

from functools import partial

from flask import Flask
from prometheus_client import Counter
from pydantic import Field

from benchmarks.peers import DEADLINE_S
from benchmarks.under_test.protections import PROTECTIONS, Related
from shopkit import logs
from shopkit.clock import timestamp
from shopkit.errors import ApiError, DependencyError, StartError
from shopkit.product_ids import parse_id
from shopkit.server import serve
from shopkit.service import create_service
from shopkit.settings import Port
from storefront.catalogue_routes import catalogue_routes
from storefront.clients import ProductService, RecommendationsService
from storefront.settings import GatewaySettings


class Settings(GatewaySettings):
    """What this gateway can be told, beside what the gateways share."""

    port: Port = Field(validation_alias="UNDER_TEST_PORT")
    name: str = Field(validation_alias="UNDER_TEST_NAME")  # one in PROTECTIONS
    deadline_s: float = Field(DEADLINE_S, gt=0, le=60, validation_alias="UNDER_TEST_DEADLINE_S")  # of each call

    @property
    def caller(self) -> str:  # type: ignore[override]  # here it depends on a setting
        """The User-Agent of its calls."""
        return f"under-test-{self.name}"


def create_app(settings: Settings) -> Flask:
    """Build the application.

    Raises:
        StartError: the setting names no protection.
    """
    if settings.name not in PROTECTIONS:
        raise StartError(f"no protection {settings.name!r}; there are: {', '.join(PROTECTIONS)}")
    rung = PROTECTIONS[settings.name]
    protection = rung.protection()
    products = ProductService(settings)
    recommendations = RecommendationsService(settings, deadline_s=settings.deadline_s, max_connections=settings.threads)
    app = create_service(settings.caller, needs={products.name: products.ping})
    app.register_blueprint(catalogue_routes(products))
    without = Counter(  # named and labelled as api-gateway-v2 does
        "degraded_answers", "Requests that went on without its answer", ["name"], registry=app.extensions["metrics"]
    ).labels(recommendations.name)

    @app.get("/product-details/<product_id>")
    def product_details(product_id: str) -> dict[str, object]:
        wanted = parse_id(product_id)
        product = products.product(wanted)
        related: Related
        try:
            related, degraded = protection(partial(recommendations.related_to, wanted)), False
        except DependencyError as error:
            if not rung.has_fallback:
                raise ApiError(500, "Failed to get recommendations", reason=str(error)) from error
            related, degraded = [], True
            without.inc()
        logs.add_to_line(degraded=degraded)
        return {"product": product, "recommendations": related, "degraded_mode": degraded, "timestamp": timestamp()}

    return app


if __name__ == "__main__":
    serve("gateway-under-test", create_app, Settings)
