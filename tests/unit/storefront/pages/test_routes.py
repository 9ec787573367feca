"""The shop's pages: home, a product, and an error instead of either."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from api_gateway_v2.app import create_app
from api_gateway_v2.fallbacks import FallbackKind
from api_gateway_v2.settings import Settings
from shopkit.errors import BadAnswer, DeadlineExceeded, RequestRejected, Unreachable
from storefront.products import Product
from unit.storefront.pages.conftest import Services

PAGE_BYTES = 60_000
EVIL = '<script>alert("1")</script>'


def outcome(page: str) -> list[str]:
    """Return the outcome that the bar shows."""
    return re.findall(r'class="outcome (\w+)">\1<', page)


def test_home_shows_every_product(client: FlaskClient, catalogue: list[Product]) -> None:
    """The home page links to every product under its category."""
    answer = client.get("/")

    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert [int(i) for i in re.findall(r'href="/shop/products/(\d+)"', answer.text)] == [p["id"] for p in catalogue]
    assert re.findall(r"<h2 [^>]*>(\w+)<", answer.text) == ["Coffee", "Kitchen", "Desk", "Bags", "Camping", "Cycling"]
    assert outcome(answer.text) == ["full"]
    assert len(answer.data) < PAGE_BYTES


def test_home_needs_no_recommendations(client: FlaskClient, services: Services) -> None:
    """The naive gateway's home page works while recommendations fail."""
    services.recommendations_fail = Unreachable("recommendations-service", "is away")

    assert client.get("/").status_code == 200


def test_product_page_is_full(client: FlaskClient, catalogue: list[Product]) -> None:
    """A product's page has its name, price, description, a picture with a text, and links to related products."""
    answer = client.get("/shop/products/1")

    assert answer.status_code == 200
    assert "<h1>Gooseneck Kettle 0.9 L</h1>" in answer.text
    assert "€64.95" in answer.text
    assert catalogue[0]["description"] in answer.text
    assert 'role="img" aria-label="Drawing: Gooseneck Kettle 0.9 L"' in answer.text
    assert re.findall(r'href="/shop/products/(\d+)"', answer.text) == ["2", "3"]
    assert outcome(answer.text) == ["full"]
    assert len(answer.data) < PAGE_BYTES


def test_gateways_differ_only_in_the_bar(v1: Flask, v2: Flask) -> None:
    """A healthy page is the same through both gateways, except for the bar, which names the gateway."""
    pages = {app.name: app.test_client().get("/shop/products/1").text for app in (v1, v2)}

    assert all(f"<b>{gateway}</b>" in page for gateway, page in pages.items())
    assert len({re.sub(r"<aside.*</aside>", "", page, flags=re.DOTALL) for page in pages.values()}) == 1


def test_v2_shows_degraded_page(v2: Flask, services: Services) -> None:
    """Without recommendations v2's page has the product, a note, and the outcome "degraded"."""
    services.recommendations_fail = Unreachable("recommendations-service", "is away")

    answer = v2.test_client().get("/shop/products/1")

    assert answer.status_code == 200
    assert "<h1>Gooseneck Kettle 0.9 L</h1>" in answer.text
    assert "taking a short break" in answer.text
    assert outcome(answer.text) == ["degraded"]


@pytest.mark.parametrize(
    ("fallback", "heading", "shown"),
    [("popular", "Popular products", ["2", "3", "4"]), ("last-known", "You may also like", ["2", "3"])],
)
def test_v2_shows_its_fallback(
    services: Services, fallback: FallbackKind, heading: str, shown: list[str], poll_until: Callable[..., None]
) -> None:
    """A fallback that is not empty is shown like recommendations, popular products under a heading of their own."""
    client = create_app(Settings(recommendations_fallback=fallback, threads=2)).test_client()
    client.get("/shop/products/1")
    services.recommendations_fail = Unreachable("recommendations-service", "is away")
    poll_until(lambda: client.get("/product-details/1").get_json()["fallback"] == fallback)

    answer = client.get("/shop/products/1")

    assert f">{heading}</h2>" in answer.text
    assert re.findall(r'href="/shop/products/(\d+)"', answer.text) == shown
    assert outcome(answer.text) == ["degraded"]


def test_v1_shows_error_page(client: FlaskClient, services: Services) -> None:
    """Without recommendations v1's page is an error that has the reason, the request's id and a way to try again."""
    services.recommendations_fail = DeadlineExceeded("recommendations-service", "did not answer within 30 s")

    answer = client.get("/shop/products/1", headers={"X-Request-ID": "find-me"})

    assert (answer.status_code, answer.content_type) == (500, "text/html; charset=utf-8")
    assert "Failed to get recommendations: recommendations-service did not answer within 30 s" in answer.text
    assert "<dd>find-me</dd>" in answer.text
    assert 'href="/shop/products/1">Try again</a>' in answer.text
    assert outcome(answer.text) == ["failed"]


@pytest.mark.parametrize(
    ("path", "error", "status"),
    [
        ("/", BadAnswer("product-service", "answered 500"), 502),
        ("/shop/products/1", DeadlineExceeded("product-service", "did not answer within 2 s"), 504),
        ("/shop/products/1", RequestRejected(404, "no such product"), 404),
        ("/", RuntimeError("a secret detail"), 500),
    ],
)
def test_error_is_a_page(client: FlaskClient, services: Services, path: str, error: Exception, status: int) -> None:
    """An error keeps its status, is told in words, and reveals nothing about an unexpected one."""
    services.products_fail = error

    answer = client.get(path)

    assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8")
    assert "secret" not in answer.text
    assert ("Try again" in answer.text) == (status >= 500)
    assert outcome(answer.text) == ["failed"]


@pytest.mark.parametrize(("path", "status"), [("/shop/products/abc", 400), ("/shop/nowhere", 404)])
def test_wrong_address_leads_back(client: FlaskClient, path: str, status: int) -> None:
    """A mistyped address of the shop shows an error page with a link to all products."""
    answer = client.get(path)

    assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8")
    assert 'href="/">All products</a>' in answer.text


def test_escapes_markup(client: FlaskClient, services: Services) -> None:
    """Markup in the catalogue, in an error or in the address is shown as text."""
    services.catalogue = [Product(id=1, name=EVIL, category=f'"{EVIL}', price=1.0, description=EVIL)] * 3
    pages = [client.get("/"), client.get("/shop/products/1"), client.get(f"/shop/products/{EVIL}")]
    services.products_fail = Unreachable(EVIL, EVIL)
    pages.append(client.get("/", headers={"X-Request-ID": EVIL}))

    for page in pages:
        assert "<script" not in page.text
    assert "&lt;script&gt;" in pages[1].text


def test_page_is_counted_and_logged_once(v2: Flask) -> None:
    """A page has one log line, which has the circuit's state, and is counted under its route."""
    client = v2.test_client()

    with capture_logs(processors=[merge_contextvars]) as lines:
        client.get("/shop/products/1")

    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["path"], line["degraded"], line["circuit"]) == ("/shop/products/1", False, "CLOSED")
    counted = 'http_requests_total{method="GET",route="/shop/products/<product_id>",status="200"} 1.0'
    assert counted in client.get("/metrics").text
