"""Labels stay bounded: whatever clients invent, the services' metrics keep their number of series."""

from collections.abc import Callable
from itertools import count, islice

import pytest
from flask import Flask
from prometheus_client import CollectorRegistry

import api_gateway_v1.app
import api_gateway_v2.app
import control_room.app
import product_service.app
import recommendations_service.app
from shopkit.errors import RequestRejected
from storefront.clients import ProductService, RecommendationsService

SERVICES: dict[str, Callable[[], Flask]] = {
    "product-service": product_service.app.create_app,
    "recommendations-service": recommendations_service.app.create_app,
    "api-gateway-v1": api_gateway_v1.app.create_app,
    "api-gateway-v2": api_gateway_v2.app.create_app,
    "control-room": control_room.app.create_app,
}
INVENTED = (
    ("GET", "/nowhere-{0}", "client"),
    ("INVENTED{0}", "/products/1", "client"),
    ("GET", "/products/{0}", "client-{0}"),
    ("GET", "/recommendations/{0}", "api-gateway-v{0}"),
    ("GET", "/product-details/{0}", "client"),
)


@pytest.fixture(autouse=True)
def _no_such_product(monkeypatch: pytest.MonkeyPatch) -> None:
    """The services that a gateway calls know none of the ids."""

    def reject(_service: object, _product_id: int) -> None:
        raise RequestRejected(404, "no such product")

    monkeypatch.setattr(ProductService, "product", reject)
    monkeypatch.setattr(RecommendationsService, "related_to", reject)


@pytest.mark.parametrize(
    ("service", "more"),
    [
        ("product-service", 1000),
        ("recommendations-service", 1000),
        ("api-gateway-v1", 1000),
        ("api-gateway-v2", 10_000),
    ],
)
def test_invented_paths_and_ids_make_no_new_series(service: str, more: int) -> None:
    """After one request of each kind, thousands more with other paths, ids, methods and callers add no series."""
    app = SERVICES[service]()
    client = app.test_client()
    numbers = count(1_000_000)  # ids of no product

    def ask(requests: int) -> None:
        for number in islice(numbers, requests):
            method, path, caller = (part.format(number) for part in INVENTED[number % len(INVENTED)])
            client.open(path, method=method, headers={"User-Agent": caller})

    ask(len(INVENTED))
    before = series(app.extensions["metrics"])
    ask(more)

    assert series(app.extensions["metrics"]) == before
    unmatched = {"method": "GET", "route": "unmatched", "status": "404"}
    counted = app.extensions["metrics"].get_sample_value("http_requests_total", unmatched)
    assert counted >= more / len(INVENTED)


def series(registry: CollectorRegistry) -> set[tuple[str, ...]]:
    """Return the name and the labels of each series."""
    return {
        (sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items())))
        for family in registry.collect()
        for sample in family.samples
    }
