"""GET /docs of the services as people read it: at every width, by keyboard, in the dark, on paper, and alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from experiment.run.shop import Shop
from experiment.services import GATEWAY_V2, PRODUCT
from support.browser import NewPage, accessibility_problems
from support.labs import answers
from support.live import own_room
from support.shops import FreePorts, PollUntil, shop_running

WIDTHS = (390, 768, 1280, 2560)


@pytest.fixture(scope="module")
def shop(free_ports: FreePorts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop, whose services have pages of their APIs."""
    with shop_running(free_ports, tmp_path_factory.mktemp("logs"), {}) as shop:
        yield shop


@pytest.fixture(scope="module")
def room(free_ports: FreePorts, poll_until: PollUntil) -> Iterator[str]:
    """The address of a control room, which allows its pages less than the others do."""
    (port,) = free_ports(1)
    with own_room(port):
        url = f"http://127.0.0.1:{port}"
        poll_until(lambda: answers(f"{url}/health"))
        yield url


@pytest.fixture(params=["product-service", "api-gateway-v2", "control-room"])
def address(request: pytest.FixtureRequest, shop: Shop, room: str) -> str:
    """A service of each kind."""
    return {"product-service": shop.urls[PRODUCT], "api-gateway-v2": shop.urls[GATEWAY_V2]}.get(request.param, room)


@pytest.fixture
def page(address: str, new_page: NewPage) -> Page:
    """The page of a service's API."""
    page = new_page(address)
    page.goto(f"{address}/docs")
    return page


def test_page_is_accessible(page: Page) -> None:
    """The page passes axe's checks in light and dark, and links lead to the operations that they name."""
    assert accessibility_problems(page) == []
    page.get_by_role("link", name="GET /health").click()
    expect(page.get_by_role("heading", name="GET /health")).to_be_in_viewport()


def test_page_fits_every_width(page: Page) -> None:
    """Nothing is cut off or to be scrolled sideways, from a phone to a wide screen."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert (
            page.locator("pre, h3, dd").evaluate_all(
                "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"
            )
            == []
        )


def test_keyboard_skips_to_the_content(page: Page) -> None:
    """The first stop of the keyboard is a visible link to the content."""
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_paper_has_everything_but_the_contents(page: Page) -> None:
    """Printed, the page is its text in black on white, without the links of the screen."""
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("navigation")).to_be_hidden()
    colours = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert page.pdf()[:4] == b"%PDF"
