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
        write_page(path, a_storm(a_run(), seeds=seeds, with_loop=seeds == 1))
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


def test_loop_has_two_ways_that_no_colour_is_needed_for(open_storm: OpenStorm) -> None:
    """Up and down differ in the line and in the shape of their marks, and a table has the same figures."""
    page = open_storm()
    said = "The loop, unprotected: 100 % at 4 visits/s on the way up, 0 % at the same load on the way down"
    expect(page.get_by_role("img", name=said)).to_be_visible()
    looks = page.evaluate(
        "['up', 'down'].map((way) => [getComputedStyle(document.querySelector(`path.line.${way}`)).strokeDasharray,"
        " getComputedStyle(document.querySelector(`path.mark.${way}`)).fill])"
    )
    assert looks[0][0] == "none" != looks[1][0]
    assert looks[1][1] == "none" != looks[0][1]
    assert page.locator("path.mark.down").first.bounding_box() != page.locator("path.mark.up").first.bounding_box()
    table = page.get_by_role("region", name="Goodput on the way up")
    expect(table.get_by_role("row", name="12 100 % 5 %")).to_be_visible()


def test_page_can_be_read_by_everyone(open_storm: OpenStorm) -> None:
    """Axe finds nothing, in light and in dark."""
    assert accessibility_problems(open_storm()) == []


def test_phone_scrolls_tables_but_never_the_page_sideways(open_storm: OpenStorm) -> None:
    """At 390 pixels, with runs missing, too."""
    page = open_storm(seeds=2, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    header = page.locator("header").inner_text()
    assert "INTERRUPTED: 1 of 2 runs are made, and the loop is missing." in header


def test_page_prints(open_storm: OpenStorm) -> None:
    """On paper, too, the pictures are there."""
    page = open_storm()
    page.emulate_media(media="print")
    assert page.pdf(format="A4").startswith(b"%PDF")
