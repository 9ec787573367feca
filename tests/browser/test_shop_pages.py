"""The shop's pages as people meet them, through both gateways, healthy and sick."""

import re
from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import Page, ViewportSize, expect

from experiment.run.shop import Shop
from experiment.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS, RECOMMENDATIONS, Service
from support.browser import DESKTOP, PHONE, NewPage, accessibility_problems
from support.shops import FreePorts, shop_running

PollUntil = Callable[..., None]
NARROWEST: ViewportSize = {"width": 320, "height": 640}  # what WCAG wants pages to fit in
KETTLE = "/shop/products/1"
TOKEN = "of-the-tests"  # noqa: S105 - of these tests
SETTINGS = {
    "UPSTREAM_TIMEOUT_S": "8",
    "RECOMMENDATIONS_DEADLINE_S": "0.3",
    "BREAKER_RESET_TIMEOUT_S": "3600",  # an open circuit stays so until the test is over
    "OPERATOR_TOKEN": TOKEN,
}


@pytest.fixture(scope="module")
def running_shop(free_ports: FreePorts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop whose waits are short."""
    with shop_running(free_ports, tmp_path_factory.mktemp("logs"), SETTINGS) as shop:
        yield shop


@pytest.fixture
def shop(running_shop: Shop) -> Iterator[Shop]:
    """The shop, healthy before and after the test."""
    yield running_shop
    running_shop.set_fault(RECOMMENDATIONS, None)
    for mode in ("closed", "automatic"):
        order_circuit(running_shop, mode)


def order_circuit(shop: Shop, mode: str) -> None:
    """Give v2's circuit an operator's order."""
    url, token = f"{shop.urls[GATEWAY_V2]}/circuit-control", {"Authorization": f"Bearer {TOKEN}"}
    requests.put(url, json={"mode": mode}, headers=token, timeout=5).raise_for_status()


@pytest.fixture
def sick_shop(shop: Shop, poll_until: PollUntil) -> Shop:
    """The shop with recommendations that hang, and v2's circuit OPEN."""

    def trips() -> bool:
        requests.get(f"{shop.urls[GATEWAY_V2]}/product-details/1", timeout=5)
        return bool(shop.circuit()["state"] == "OPEN")

    shop.set_fault(RECOMMENDATIONS, {"kind": "hang"})
    poll_until(trips)
    return shop


@pytest.fixture(params=GATEWAYS, ids=lambda gateway: gateway.name)
def gateway(request: pytest.FixtureRequest) -> Service:
    """Each gateway."""
    service: Service = request.param
    return service


def bar(page: Page) -> str:
    """Return what the bar says."""
    return page.get_by_role("complementary", name="About this page").inner_text()


def test_a_healthy_shop_is_whole(shop: Shop, new_page: NewPage, gateway: Service) -> None:
    """From the window to a product and on to one that goes with it; the bar says which gateway, how long, and full."""
    page = new_page(shop.urls[gateway])

    page.goto(shop.urls[gateway])
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(52)
    page.get_by_role("link", name="Gooseneck Kettle 0.9 L").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gooseneck Kettle 0.9 L")
    expect(page.get_by_role("img", name="Gooseneck Kettle 0.9 L")).to_be_visible()
    page.get_by_role("region", name="You may also like").get_by_role("link").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Burr Hand Grinder")
    assert re.fullmatch(rf"{gateway.name}\s+made this page in [\d.]+ (ms|s)\s+full", bar(page).strip())


def test_v1_hangs_while_v2_has_the_page(sick_shop: Shop, new_page: NewPage) -> None:
    """With the circuit OPEN v2's page is complete while v1's visitor still waits; v1's ends in an honest error page."""
    v1, v2 = sick_shop.urls[GATEWAY_V1], sick_shop.urls[GATEWAY_V2]
    waiting, served = new_page(v1), new_page(v2)
    waiting.goto(v1)  # the window needs no recommendations
    assert sick_shop.circuit()["state"] == "OPEN"

    waiting.evaluate("path => { location.href = path }", KETTLE)  # as a click does; that would wait for the answer
    served.goto(v2 + KETTLE)
    expect(served.get_by_role("heading", level=1)).to_have_text("Gooseneck Kettle 0.9 L")
    expect(served.get_by_role("region", name="You may also like")).to_contain_text("taking a short break")
    assert "degraded" in bar(served)
    assert waiting.url == f"{v1}/"

    waiting.wait_for_url(v1 + KETTLE)
    expect(waiting.get_by_role("main")).to_contain_text("recommendations-service did not answer within 8 s")
    assert "failed" in bar(waiting)
    assert accessibility_problems(waiting) == []
    assert accessibility_problems(served) == []

    sick_shop.set_fault(RECOMMENDATIONS, None)
    waiting.get_by_role("link", name="Try again").click()
    expect(waiting.get_by_role("heading", level=1)).to_have_text("Gooseneck Kettle 0.9 L")


@pytest.mark.parametrize(("path", "status"), [("/", 200), (KETTLE, 200), ("/shop/products/999", 404), ("/shop/x", 404)])
def test_pages_are_for_everyone(shop: Shop, new_page: NewPage, path: str, status: int) -> None:
    """On any kind of page axe finds nothing, light or dark, wide or narrow, and nothing has to be scrolled sideways."""
    page = new_page(shop.urls[GATEWAY_V2])
    answer = page.goto(shop.urls[GATEWAY_V2] + path)
    assert answer
    assert answer.status == status

    for viewport in (DESKTOP, PHONE):
        page.set_viewport_size(viewport)
        assert accessibility_problems(page) == []
    for viewport in (DESKTOP, PHONE, NARROWEST):
        page.set_viewport_size(viewport)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_keyboard_is_enough(shop: Shop, new_page: NewPage) -> None:
    """The first key press offers the way past the top; a product can be reached, and what has the focus shows it."""
    page = new_page(shop.urls[GATEWAY_V2])
    page.goto(shop.urls[GATEWAY_V2])

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    for _ in range(7):  # six categories, then the first product
        page.keyboard.press("Tab")
    first = page.get_by_role("link", name="Gooseneck Kettle 0.9 L")
    expect(first).to_be_focused()
    expect(page.get_by_role("listitem").filter(has=first)).to_have_css("outline-style", "solid")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Gooseneck Kettle 0.9 L")


def test_no_script_is_needed(shop: Shop, new_page: NewPage, gateway: Service) -> None:
    """With JavaScript switched off the shop is the same, and a page is one request."""
    page = new_page(shop.urls[gateway], java_script_enabled=False)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(shop.urls[gateway])
    page.get_by_role("link", name="Two-Person Dome Tent").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Two-Person Dome Tent")
    expect(page.get_by_role("region", name="You may also like").get_by_role("listitem")).to_have_count(4)
    assert [url for url in asked if not url.startswith("data:")] == [f"{shop.urls[gateway]}/", page.url]
