"""storm.html in a real browser, opened from a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from storm.ladder import LADDER, UNPROTECTED
from storm.page import write_page
from support.browser import PHONE, NewPage, accessibility_problems
from support.storms import a_run, a_storm

OpenStorm = Callable[..., Page]


@pytest.fixture
def open_storm(new_page: NewPage, tmp_path: Path) -> OpenStorm:
    """Return a function that opens the page of a made-up storm; `new_page` sees to errors and requests."""

    def open_page(*, seeds: int = 1, **options: Any) -> Page:
        path = tmp_path / "storm.html"
        write_page(path, a_storm(a_run(), seeds=seeds))
        page = new_page(path.as_uri(), **options)
        page.goto(path.as_uri())
        return page

    return open_page


def test_every_rung_has_its_pictures_and_what_it_leaves(open_storm: OpenStorm) -> None:
    """Four pictures each, with what they show in words, and the trigger marked at the same place in all."""
    page = open_storm()
    expect(page.locator("article")).to_have_count(len(LADDER))
    assert page.locator("article").locator("svg").count() == 4 * len(LADDER)
    article = page.get_by_role("article", name=UNPROTECTED.name)
    expect(article).to_contain_text("What it does not solve:")
    expect(article.get_by_role("img", name="The dependency's queue: at most 1,160 calls waited")).to_be_visible()
    places = page.evaluate(
        "[...document.querySelectorAll('rect.frame')].map((one) =>"
        " `${one.getAttribute('x')} ${one.getAttribute('width')}`)"
    )
    assert len(set(places)) == 1


def test_pictures_have_colours(open_storm: OpenStorm) -> None:
    """Each part of a picture is as large as it should be, and in the colour of the key."""
    page = open_storm()
    colours = page.evaluate(
        "Object.fromEntries(['whole', 'lost', 'calls', 'queue'].map((name) => ["
        " getComputedStyle(document.querySelector(`i.${name}`)).backgroundColor,"
        " getComputedStyle(document.querySelector(`path.${name}`)).fill]))"
    )
    assert len(colours) == 4
    assert all(key == fill for key, fill in colours.items())
    heights = page.evaluate("[...document.querySelectorAll('path.whole')].map((one) => one.getBBox().height)")
    assert set(heights) == {110}


def test_page_can_be_read_by_everyone(open_storm: OpenStorm) -> None:
    """Axe finds nothing, in light and in dark."""
    assert accessibility_problems(open_storm()) == []


def test_phone_scrolls_tables_but_never_the_page_sideways(open_storm: OpenStorm) -> None:
    """At 390 pixels, with runs missing, too."""
    page = open_storm(seeds=2, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert "INTERRUPTED: only 1 of 2 runs" in page.locator("header").inner_text()


def test_page_prints(open_storm: OpenStorm) -> None:
    """On paper, too, the pictures are there."""
    page = open_storm()
    page.emulate_media(media="print")
    assert page.pdf(format="A4").startswith(b"%PDF")
