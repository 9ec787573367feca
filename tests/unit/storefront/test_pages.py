"""The shop's pages on both gateways, with functions in the place of the services that they call."""

import base64
import hashlib
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import TypeAdapter
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

import api_gateway_v1.app
import api_gateway_v2.app
from api_gateway_v1.settings import Settings as V1Settings
from api_gateway_v2.settings import Settings as V2Settings
from product_service.catalogue import Catalogue
from shopkit.errors import BadAnswer, DeadlineExceeded, RequestRejected, Unreachable
from storefront.clients import ProductService, RecommendationsService
from storefront.pages.bar import in_words
from storefront.pages.pictures import FALLBACK, drawing
from storefront.products import Product

CATALOGUE = TypeAdapter(list[Product]).validate_python([product.model_dump() for product in Catalogue.read().products])
PAGE_BYTES = 60_000
EVIL = '<script>alert("1")</script>'
GATEWAYS: dict[str, Callable[[], Flask]] = {
    "api-gateway-v1": lambda: api_gateway_v1.app.create_app(V1Settings()),
    "api-gateway-v2": lambda: api_gateway_v2.app.create_app(V2Settings(breaker_reset_timeout_s=3600)),
}


class Services:
    """What the two services answer, and the error that each raises instead when there is one."""

    catalogue = CATALOGUE
    products_fail: Exception | None = None
    recommendations_fail: Exception | None = None

    def products(self) -> list[Product]:
        """Stand for ProductService.products."""
        if self.products_fail:
            raise self.products_fail
        return self.catalogue

    def product(self, product_id: int) -> Product:
        """Stand for ProductService.product."""
        return self.products()[product_id - 1]

    def related_to(self, _product_id: int) -> list[Product]:
        """Stand for RecommendationsService.related_to."""
        if self.recommendations_fail:
            raise self.recommendations_fail
        return self.catalogue[1:3]


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Services:
    """Both services, well until a test says otherwise."""
    services = Services()
    monkeypatch.setattr(ProductService, "products", lambda _service: services.products())
    monkeypatch.setattr(ProductService, "product", lambda _service, product_id: services.product(product_id))
    monkeypatch.setattr(RecommendationsService, "related_to", lambda _service, wanted: services.related_to(wanted))
    return services


@pytest.fixture(params=GATEWAYS)
def gateway(request: pytest.FixtureRequest) -> str:
    """Each gateway's name."""
    return str(request.param)


@pytest.fixture
def app(services: Services, gateway: str) -> Flask:  # noqa: ARG001 - in place before the application is
    """The gateway."""
    return GATEWAYS[gateway]()


def outcome(page: str) -> list[str]:
    """Return what the bar says of the page."""
    return re.findall(r'class="outcome (\w+)">\1<', page)


def test_the_window_shows_every_product(client: FlaskClient, gateway: str) -> None:
    """The home page links to every product under its category, and the bar names the gateway."""
    answer = client.get("/")

    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert [int(i) for i in re.findall(r'href="/shop/products/(\d+)"', answer.text)] == [p["id"] for p in CATALOGUE]
    assert re.findall(r"<h2 [^>]*>(\w+)<", answer.text) == ["Coffee", "Kitchen", "Desk", "Bags", "Camping", "Cycling"]
    assert f"<b>{gateway}</b>" in answer.text
    assert outcome(answer.text) == ["full"]
    assert len(answer.data) < PAGE_BYTES


def test_the_window_needs_no_recommendations(client: FlaskClient, services: Services) -> None:
    """The home page is there while recommendations are away, through the naive gateway too."""
    services.recommendations_fail = Unreachable("recommendations-service", "is away")

    assert client.get("/").status_code == 200


def test_a_product_page_is_full(client: FlaskClient) -> None:
    """Name, price, description, a picture with a text, and the products that go with it."""
    answer = client.get("/shop/products/1")

    assert answer.status_code == 200
    assert "<h1>Gooseneck Kettle 0.9 L</h1>" in answer.text
    assert "€64.95" in answer.text
    assert CATALOGUE[0]["description"] in answer.text
    assert 'role="img" aria-label="Drawing: Gooseneck Kettle 0.9 L"' in answer.text
    assert re.findall(r'href="/shop/products/(\d+)"', answer.text) == ["2", "3"]
    assert outcome(answer.text) == ["full"]
    assert len(answer.data) < PAGE_BYTES


def test_both_gateways_show_the_same_page(services: Services) -> None:  # noqa: ARG001 - in place before the gateways are
    """But for the bar, nobody could tell through which gateway a healthy page came."""
    pages = [create_app().test_client().get("/shop/products/1").text for create_app in GATEWAYS.values()]

    v1, v2 = (re.sub(r"<aside.*</aside>", "", page, flags=re.DOTALL) for page in pages)
    assert v1 == v2


@pytest.mark.parametrize("gateway", ["api-gateway-v2"], indirect=True)
def test_a_degraded_page_says_so_quietly(client: FlaskClient, services: Services) -> None:
    """Without recommendations v2's page has the product, a note in their place, and the word in the bar."""
    services.recommendations_fail = Unreachable("recommendations-service", "is away")

    answer = client.get("/shop/products/1")

    assert answer.status_code == 200
    assert "<h1>Gooseneck Kettle 0.9 L</h1>" in answer.text
    assert "taking a short break" in answer.text
    assert outcome(answer.text) == ["degraded"]


@pytest.mark.parametrize("gateway", ["api-gateway-v1"], indirect=True)
def test_the_naive_gateway_fails_as_a_page(client: FlaskClient, services: Services) -> None:
    """v1's page without recommendations is an error page that says what happened, and offers to try again."""
    services.recommendations_fail = DeadlineExceeded("recommendations-service", "did not answer within 30 s")

    answer = client.get("/shop/products/1", headers={"X-Request-ID": "find-me"})

    assert (answer.status_code, answer.content_type) == (500, "text/html; charset=utf-8")
    assert "Failed to get recommendations: recommendations-service did not answer within 30 s" in answer.text
    assert "<dd>find-me</dd>" in answer.text
    assert 'href="/shop/products/1">Try again</a>' in answer.text
    assert outcome(answer.text) == ["failed"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unreachable("product-service", "is unreachable (ConnectionRefusedError)"), 502),
        (BadAnswer("product-service", "answered 500"), 502),
        (DeadlineExceeded("product-service", "did not answer within 2 s"), 504),
        (RequestRejected(404, "no such product"), 404),
        (RuntimeError("a secret detail"), 500),
    ],
)
@pytest.mark.parametrize("path", ["/", "/shop/products/1"])
def test_every_error_is_a_page(
    client: FlaskClient, services: Services, error: Exception, status: int, path: str
) -> None:
    """The status is that of the JSON route; the words are for people, and a bug still tells nothing."""
    services.products_fail = error

    answer = client.get(path)

    assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8")
    assert "secret" not in answer.text
    assert ("Try again" in answer.text) == (status >= 500)
    assert outcome(answer.text) == ["failed"]


@pytest.mark.parametrize(
    ("path", "status"), [("/shop/products/abc", 400), ("/shop/products/0", 400), ("/shop/nowhere", 404)]
)
def test_a_wrong_address_is_a_page(client: FlaskClient, path: str, status: int) -> None:
    """Whoever mistypes an address of the shop is shown the way back to it."""
    answer = client.get(path)

    assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8")
    assert 'href="/">All products</a>' in answer.text


@pytest.mark.parametrize("path", ["/products/abc", "/product-details/abc", "/nowhere"])
def test_the_api_goes_on_answering_in_json(client: FlaskClient, path: str) -> None:
    """The pages change nothing for a client of the API."""
    answer = client.get(path, headers={"Accept": "text/html"})

    assert answer.status_code in (400, 404)
    assert (answer.json or {})["error"]
    assert "Content-Security-Policy" not in answer.headers


def test_what_a_product_says_is_text(client: FlaskClient, services: Services) -> None:
    """Nothing that stands in the catalogue, in an error or in the address becomes markup."""
    services.catalogue = [Product(id=1, name=EVIL, category=f'"{EVIL}', price=1.0, description=EVIL)] * 3
    pages = [client.get("/"), client.get("/shop/products/1"), client.get(f"/shop/products/{EVIL}")]
    services.products_fail = Unreachable(EVIL, EVIL)
    pages.append(client.get("/", headers={"X-Request-ID": EVIL}))

    for page in pages:
        assert "<script" not in page.text
    assert "&lt;script&gt;" in pages[1].text


@pytest.mark.parametrize("path", ["/", "/shop/products/1", "/shop/nowhere"])
def test_a_page_may_do_nothing_but_be_read(client: FlaskClient, path: str) -> None:
    """The policy allows the page's own style by its hash, and no script, frame, form or other host."""
    answer = client.get(path)

    (style,) = re.findall(r"<style>(.*)</style>", answer.text, flags=re.DOTALL)
    own = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy.pop("style-src") == f"'sha256-{own}'"
    assert policy.pop("img-src") == "data:"
    assert set(policy) == {"default-src", "base-uri", "form-action", "frame-ancestors"}
    assert set(policy.values()) == {"'none'"}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_page_is_a_route_like_any_other(client: FlaskClient) -> None:
    """It is counted under its rule, and logged, once."""
    with capture_logs() as lines:
        client.get("/shop/products/1")

    assert [line["path"] for line in lines if line["event"] == "request"] == ["/shop/products/1"]
    counted = 'http_requests_total{method="GET",route="/shop/products/<product_id>",status="200"} 1.0'
    assert counted in client.get("/metrics").text


@pytest.mark.parametrize("gateway", ["api-gateway-v2"], indirect=True)
def test_the_log_line_of_a_page_tells_of_the_circuit(client: FlaskClient) -> None:
    """As that of the JSON route does."""
    with capture_logs(processors=[merge_contextvars]) as lines:
        client.get("/shop/products/1")

    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["degraded"], line["circuit"]) == (False, "CLOSED")


def test_every_product_has_a_drawing_of_its_kind() -> None:
    """No product of the catalogue is shown as a parcel, and what is not known yet is."""
    drawings = {product["id"]: drawing(product) for product in CATALOGUE}

    assert f"drawings/{FALLBACK}.svg" not in drawings.values()
    assert drawings[35] == "drawings/tent.svg"
    assert (drawings[26], drawings[40]) == ("drawings/mug.svg", "drawings/camping-mug.svg")
    novelty = Product(id=99, name="Openwork Tentacle", category="Garden", price=1.0, description="New.")
    assert drawing(novelty) == f"drawings/{FALLBACK}.svg"


@pytest.mark.parametrize(("ms", "words"), [(0.04, "0.0 ms"), (3.14, "3.1 ms"), (14.2, "14 ms"), (30_012, "30.0 s")])
def test_a_time_is_said_as_short_as_it_can_be_read(ms: float, words: str) -> None:
    """Tenths where they matter, whole milliseconds, then seconds."""
    assert in_words(ms) == words
