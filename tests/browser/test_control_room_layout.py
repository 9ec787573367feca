"""The control room's page for everyone: any screen, any font, keyboard and screen reader."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from support.browser import PHONE, accessibility_problems
from support.layout import misplaced
from support.live import Live
from support.tour import SOON_MS, STEPS

PollUntil = Callable[..., None]


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_everyone_can_use_it(live: Live, page: Page, viewport: dict[str, int] | None) -> None:
    """Axe finds nothing, in light and dark, on a broken v1 and a forced circuit, with the tour; nothing sticks out."""
    live.press("fault/recommendations", {"kind": "error", "status": 500})
    live.press("load", {"gateway": "both", "users": 10})
    live.press("circuit", {"mode": "open"})
    if viewport:
        page.set_viewport_size(PHONE)
    expect(page.locator("#v1")).to_have_attribute("data-tone", "bad", timeout=SOON_MS)
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Guided tour").click()
    assert accessibility_problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# in one go, as the next picture brings the true numbers back
STICKING_OUT = """(font) => {
  if (font) {
    const wide = new CSSStyleSheet();
    wide.replaceSync(`body * { font: ${font} !important }`);
    document.adoptedStyleSheets = [wide];
    for (const count of document.querySelectorAll(".numbers dd")) count.textContent = "123,456,789";
    for (const latency of document.querySelectorAll(".latency dd, .watch")) latency.textContent = "59.9 s";
  }
  return [...document.querySelectorAll(".panel, .gateway > header, .numbers, .numbers dl, .guard")]
    .filter((box) => box.scrollWidth > box.clientWidth + 1)
    .map((box) => box.id || box.className || box.localName);
}"""


@pytest.mark.parametrize("font", ["", "italic 900 22px monospace"], ids=["as it is", "wide"])
def test_numbers_stay_in_their_boxes(page: Page, font: str) -> None:
    """At no width do the numbers of a panel overflow their box, whatever the font and the numbers."""
    for width in (390, 700, 1023, 1024, 1280, 1366, 1600, 1920, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(STICKING_OUT, font) == [], width


PROJECTORS: list[ViewportSize] = [
    {"width": 1280, "height": 720},
    {"width": 1366, "height": 768},
    {"width": 1600, "height": 900},
]


@pytest.mark.parametrize("size", PROJECTORS, ids=lambda size: f"{size['width']}x{size['height']}")
def test_story_fits_the_projector(live: Live, page: Page, size: ViewportSize) -> None:
    """Every step of the tour, both gateways, the circuit and the levers are on screen at once, while the shop fails."""
    live.press("fault/recommendations", {"kind": "error", "status": 500})
    live.press("load", {"gateway": "both", "users": 100})
    live.press("circuit", {"mode": "open"})
    page.set_viewport_size(size)
    expect(page.locator("#v1")).to_have_attribute("data-tone", "bad", timeout=SOON_MS)
    page.locator("#try").click()
    page.get_by_role("button", name="Guided tour").click()
    for step in STEPS:
        expect(page.locator("#tour")).to_have_attribute("data-step", step)
        assert misplaced(page) == [], step
        page.locator("#tour-next").click()


def test_levers_work_from_the_keyboard(live: Live, page: Page, poll_until: PollUntil) -> None:
    """Tab and Enter are enough to break the shop, and focus stays where it was while pictures come."""
    page.locator("[name=delay_s]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    poll_until(lambda: live.fault() is not None)
    expect(page.locator("#sick")).to_have_text("hang, 30 s", timeout=SOON_MS)
    assert page.evaluate("document.activeElement.textContent") == "Inject"
