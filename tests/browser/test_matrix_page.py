"""matrix.html in a real browser, opened from a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from matrix.page import write_page
from matrix.plan import BUSY, CAPACITY, HANG
from support.browser import PHONE, NewPage, accessibility_problems
from support.matrices import FLAKY, GATEWAYS, a_matrix

OpenMatrix = Callable[..., Page]
ROWS = "[...document.querySelectorAll('.heat tbody tr')].map((row) => row.dataset.fault)"
COLUMNS = "[...document.querySelectorAll('.heat th[data-gateway]')].map((head) => head.dataset.gateway)"


@pytest.fixture
def open_matrix(new_page: NewPage, tmp_path: Path) -> OpenMatrix:
    """Return a function that opens the page of a made-up matrix; `new_page` sees to errors and requests."""

    def open_page(*, complete: bool = True, **options: Any) -> Page:
        path = tmp_path / "matrix.html"
        write_page(path, a_matrix(complete=complete))
        page = new_page(path.as_uri(), **options)
        page.goto(path.as_uri())
        return page

    return open_page


def test_page_says_first_where_the_guard_is_not_the_best(open_matrix: OpenMatrix) -> None:
    """Before anything else; and a cell that is worse than none has a colour of its own."""
    page = open_matrix()
    assert "not the best choice in 1 of 5 faults" in page.locator(".finding").first.inner_text()
    worse = page.get_by_role("button", name=f"{BUSY}, textbook-breaker: 0 % good pages")
    assert "worse than v1" in (worse.get_attribute("aria-label") or "")
    colours = page.evaluate(
        "[...document.querySelectorAll('.heat td button')].filter((one) => getComputedStyle(one).backgroundColor ==="
        " 'rgb(142, 1, 82)').map((one) => one.dataset.gateway)"
    )
    assert colours == ["textbook-breaker", "mesh", "naive-retry"]


def test_cell_opens_its_timeline_and_numbers(open_matrix: OpenMatrix) -> None:
    """By the mouse or the keyboard; it closes with Escape, and the focus is where it was."""
    page = open_matrix()
    cell = page.get_by_role("button", name=f"{HANG}, guard: 100 % good pages")
    cell.press("Enter")
    dialog = page.get_by_role("dialog", name=f"{HANG}, guard")
    expect(dialog).to_contain_text("protected after")
    expect(dialog).to_contain_text("0.5 s")
    assert dialog.locator("rect.without").count() == 12
    assert dialog.locator("rect.whole").count() == 15
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(cell).to_be_focused()


def test_picture_is_sorted_by_fault_or_gateway(open_matrix: OpenMatrix) -> None:
    """The worst first, and back."""
    page = open_matrix()
    before = page.evaluate(ROWS)
    page.get_by_role("button", name="textbook-breaker", exact=True).click()
    assert page.evaluate(ROWS)[0] == BUSY
    assert page.locator("th[aria-sort=ascending]").inner_text() == "textbook-breaker"
    page.get_by_role("button", name=HANG, exact=True).click()
    assert page.evaluate(COLUMNS)[-2:] == ["textbook-breaker", "guard"]
    page.get_by_role("button", name="In the first order").click()
    assert (page.evaluate(ROWS), page.evaluate(COLUMNS)) == (before, list(GATEWAYS))


def test_questions_lead_to_a_rung_and_its_cells(open_matrix: OpenMatrix) -> None:
    """Each answer changes the advice, and a cell that speaks for it opens."""
    page = open_matrix()
    shown = page.locator(".advice:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("guard: v2 itself")
    page.get_by_role("group", name="How many calls a second?").get_by_label("fewer than one").check()
    expect(shown).to_contain_text("budgeted-retry: pauses")
    shown.get_by_role("button", name=f"{CAPACITY}, naive-retry").click()
    expect(page.get_by_role("dialog", name=f"{CAPACITY}, naive-retry")).to_be_visible()
    assert FLAKY in shown.inner_text()


def test_page_can_be_read_by_everyone(open_matrix: OpenMatrix) -> None:
    """Axe finds nothing, in light and in dark, with a cell open and without."""
    page = open_matrix()
    assert accessibility_problems(page) == []
    page.locator(".heat td button").first.click()
    assert accessibility_problems(page) == []


def test_phone_scrolls_tables_but_never_the_page_sideways(open_matrix: OpenMatrix) -> None:
    """At 390 pixels, in an unfinished matrix, too."""
    page = open_matrix(complete=False, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert "INTERRUPTED" in page.locator("header").inner_text()


def test_desktop_shows_the_whole_picture(open_matrix: OpenMatrix) -> None:
    """At 1280 pixels, no column is out of sight."""
    assert open_matrix().evaluate("(box => box.scrollWidth <= box.clientWidth)(document.querySelector('.scroll'))")


def test_page_prints_with_all_advice(open_matrix: OpenMatrix) -> None:
    """On paper nobody can choose, so every answer is there."""
    page = open_matrix()
    page.emulate_media(media="print")
    expect(page.locator(".advice:visible")).to_have_count(8)
    page.emulate_media(media="screen")
    assert page.pdf(format="A4").startswith(b"%PDF")
