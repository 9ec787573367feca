"""A gateway like api-gateway-v1, with recommendations behind a peer: `python -m benchmarks.peer_gateway`.

Only the way of protecting differs from one run of it to another; the rest is shopkit, as in the gateways of the shop.
"""

from collections.abc import Callable
from functools import partial

from flask import Flask
from pydantic import Field

from benchmarks.peers import (
    DEADLINE_S,
    Circuitbreaker,
    Interlock,
    InterlockPipeline,
    Peer,
    PybreakerCall,
    PybreakerCalling,
)
from shopkit import logs
from shopkit.clock import timestamp
from shopkit.errors import DependencyError, StartError
from shopkit.product_ids import parse_id
from shopkit.server import serve
from shopkit.service import create_service
from shopkit.settings import Port
from storefront.catalogue_routes import catalogue_routes
from storefront.clients import ProductService, RecommendationsService
from storefront.products import Product
from storefront.settings import GatewaySettings

BULKHEAD_MAX_CONCURRENT = 10  # where the peer has a bulkhead: api-gateway-v2's default
PROTECTIONS: dict[str, Callable[[], Peer]] = {
    PybreakerCall.name: PybreakerCall,
    PybreakerCalling.name: PybreakerCalling,
    Circuitbreaker.name: Circuitbreaker,
    Interlock.name: Interlock,
    InterlockPipeline.name: lambda: InterlockPipeline(max_concurrent=BULKHEAD_MAX_CONCURRENT),
}


class Settings(GatewaySettings):
    """What this gateway can be told, beside what the gateways share."""

    port: Port = Field(validation_alias="PEER_GATEWAY_PORT")
    protection: str = Field(validation_alias="PEER_GATEWAY_PROTECTION")  # a name in PROTECTIONS


def create_app(settings: Settings) -> Flask:
    """Build the application.

    Raises:
        StartError: the setting names no peer.
    """
    if settings.protection not in PROTECTIONS:
        raise StartError(f"no protection {settings.protection!r}; there are: {', '.join(PROTECTIONS)}")
    peer = PROTECTIONS[settings.protection]()
    goes_without: tuple[type[Exception], ...] = (DependencyError, *peer.refused)
    products = ProductService(settings)
    recommendations = RecommendationsService(settings, deadline_s=DEADLINE_S, max_connections=settings.threads)
    app = create_service("peer-gateway", needs={"product-service": products.ping})
    app.register_blueprint(catalogue_routes(products))

    @app.get("/product-details/<product_id>")
    def product_details(product_id: str) -> dict[str, object]:
        wanted = parse_id(product_id)
        product = products.product(wanted)
        related: list[Product]
        try:
            related, degraded = peer.call(partial(recommendations.related_to, wanted)), False
        except goes_without:
            related, degraded = [], True
        logs.add_to_line(degraded=degraded)
        return {"product": product, "recommendations": related, "degraded_mode": degraded, "timestamp": timestamp()}

    return app


if __name__ == "__main__":
    serve("peer-gateway", create_app, Settings)
