"""explore.html in a real browser, opened from a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from explore.page import write_page
from support.browser import DESKTOP, PHONE, NewPage, accessibility_problems
from support.explorations import a_verification, an_exploration

OpenExploration = Callable[..., Page]
IS_WIDER = "document.documentElement.scrollWidth > innerWidth"
CHOSEN = "document.querySelector('#best :checked').value"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page of a made-up exploration."""
    path = tmp_path_factory.mktemp("explore") / "explore.html"
    write_page(path, an_exploration())
    return path.as_uri()


@pytest.fixture
def open_exploration(new_page: NewPage, written: str) -> OpenExploration:
    """Return a function that opens the page with a fragment; `new_page` sees to errors and requests."""

    def open_page(fragment: str = "", **options: Any) -> Page:
        page = new_page(written, **options)
        page.goto(written + fragment)
        return page

    return open_page


def test_keyboard_picks_a_point(open_exploration: OpenExploration) -> None:
    """The dots are a group of radio buttons: arrows go from one to the next, and everything follows."""
    page = open_exploration("#point=1&across=protect_s&up=false_alarms_per_day&rate=1")
    expect(page.locator("#chosen-title")).to_have_text("Point 1")
    page.get_by_role("radio", name="1", exact=True).press("ArrowDown")
    expect(page.locator("#chosen-title")).to_have_text("Point 2")
    expect(page.locator("#settings")).to_have_text("The settings of point 2")
    assert page.evaluate("location.hash").startswith("#point=2&")
    dot, ring = (page.locator(one).bounding_box() for one in ('[data-point="2"] > circle', "#ring circle"))
    assert dot
    assert ring
    assert dot["x"] + dot["width"] / 2 == pytest.approx(ring["x"] + ring["width"] / 2, abs=1)


def test_mouse_picks_the_nearest_dot(open_exploration: OpenExploration) -> None:
    """The diamond is today's settings, wherever the axes put it."""
    page = open_exploration()
    page.get_by_label("Across").select_option("recover_s")
    page.locator("path").first.scroll_into_view_if_needed()
    box = page.locator('[data-point="0"] > path').bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2 + 1, box["y"] + box["height"] / 2)
    expect(page.locator("#chosen-title")).to_have_text("Today's settings")
    expect(page.get_by_text("time to recover →")).to_be_visible()


def test_address_restores_what_was_chosen(open_exploration: OpenExploration) -> None:
    """The point, the axes, the traffic and the sliders; and the way back leads through all of them."""
    page = open_exploration()
    first = page.evaluate(CHOSEN)
    page.get_by_role("radio", name="3", exact=True).check()
    page.get_by_label("Up", exact=True).select_option("sick_calls_per_s")
    page.get_by_role("slider", name="Traffic").press("End")
    page.get_by_role("slider", name="Cooldown").press("End")
    shared = page.evaluate("location.hash")
    assert shared == "#point=3&across=protect_s&up=sick_calls_per_s&rate=4&reset_timeout_s=60"
    page.goto("about:blank")
    page.go_back()
    other = open_exploration(shared)
    for shown in (page, other):
        assert shown.evaluate(CHOSEN) == "3"
        assert shown.get_by_role("slider", name="Traffic").input_value() == "4"
        assert shown.get_by_role("slider", name="Cooldown").get_attribute("aria-valuetext") == "60 s"
        expect(shown.get_by_text("↑ calls/s to a sick dependency")).to_be_visible()
    for _ in range(4):
        page.go_back()
    assert page.evaluate(CHOSEN) == first


@pytest.mark.parametrize("fragment", ["#point=999", "#<img src=x>", "#point=1&across=constructor&up=__proto__&rate=1"])
def test_address_that_says_nothing_is_ignored(open_exploration: OpenExploration, fragment: str) -> None:
    """The page begins as if it had none."""
    assert open_exploration(fragment).evaluate(CHOSEN) == open_exploration().evaluate(CHOSEN)


def test_sliders_answer_or_say_to_run_again(open_exploration: OpenExploration) -> None:
    """What was simulated is told; between points that disagree there is a command instead of a number."""
    page = open_exploration()
    head = page.locator("#answer-head")
    expect(head).to_have_text("These very settings were simulated.")
    expect(page.locator("#again")).to_be_hidden()
    page.get_by_role("slider", name="Failures in a row").press("Home")
    page.get_by_role("slider", name="A call is slow").press("Home")
    expect(head).to_contain_text("run explore again")
    expect(page.locator("#again pre")).to_contain_text("BREAKER_FAIL_MAX=1 ")
    expect(page.locator("#again pre")).to_contain_text("python3 run_demo.py explore --rate 20")
    assert page.locator("#answers tr.again").count() >= 1
    page.get_by_label("What trips the circuit").select_option("consecutive-failures")
    expect(page.get_by_role("slider", name="Share of failures")).to_be_disabled()


def test_traffic_changes_both_columns(open_exploration: OpenExploration) -> None:
    """With more calls a second, three failures in a row come sooner."""
    page = open_exploration("#point=0&across=protect_s&up=recover_s&rate=1")
    row = page.locator("#compared tbody tr").first
    expect(row).to_contain_text("0.65 s")
    page.get_by_role("slider", name="Traffic").press("End")
    expect(row).to_contain_text("0.54 s")
    expect(page.locator("#rate-value")).to_have_text(
        "80 calls/s, 4 times what was asked for; all else here stays at 20 calls/s"
    )


def test_rate_beyond_the_verification_is_not_promised(new_page: NewPage, tmp_path: Path) -> None:
    """What was verified at 20 calls/s says nothing about 40, nor a gateway that has no time left about 80."""
    found, path = an_exploration(), tmp_path / "verified.html"
    found.verification = a_verification()
    write_page(path, found)
    page = new_page(path.as_uri())
    page.goto(path.as_uri() + "#point=0&across=protect_s&up=recover_s&rate=1")
    refusal = page.locator("#refusal")
    expect(refusal).to_be_hidden()
    page.get_by_role("slider", name="Traffic").press("ArrowRight")
    expect(refusal).to_have_text("Not promised: nothing was verified beyond 20 calls/s.")
    page.get_by_role("slider", name="Traffic").press("ArrowRight")
    expect(refusal).to_contain_text("would need 80 % of a core")
    expect(page.get_by_text("A page cost the gateway 10.0 ms")).to_be_visible()


def test_translation_is_text_that_can_be_copied(open_exploration: OpenExploration) -> None:
    """Even a text that tries to be markup; what the other side cannot express stands below it."""
    page = open_exploration("#point=0&across=protect_s&up=recover_s&rate=1")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("Elsewhere").click()
    expect(page.get_by_text("It has no ramp.")).to_be_visible()
    page.get_by_role("button", name="Copy Elsewhere").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert "</script>" in page.evaluate("navigator.clipboard.readText()")
    assert page.evaluate("window.broken") is None


def test_table_is_sorted_by_a_measure(open_exploration: OpenExploration) -> None:
    """The best in it comes first."""
    page = open_exploration()
    page.get_by_role("button", name="time to recover").click()
    times = page.locator("#best tbody tr td:nth-child(4)").all_inner_texts()
    seconds = [float(text.split()[0]) for text in times]
    assert seconds == sorted(seconds)
    assert page.locator("th[aria-sort=ascending]").inner_text() == "time to recover"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_page_can_be_read_by_everyone(open_exploration: OpenExploration, viewport: ViewportSize) -> None:
    """Axe finds nothing, in light and in dark, with a translation open and the answers missing."""
    page = open_exploration(viewport=viewport)
    assert accessibility_problems(page) == []
    page.get_by_text("Elsewhere").click()
    page.get_by_role("slider", name="Failures in a row").press("Home")
    assert accessibility_problems(page) == []


@pytest.mark.parametrize("width", [390, 768, 1280, 2560])
def test_page_never_scrolls_sideways(open_exploration: OpenExploration, width: int) -> None:
    """Wide tables scroll in themselves."""
    page = open_exploration(viewport={"width": width, "height": 900})
    page.get_by_text("Elsewhere").click()
    assert not page.evaluate(IS_WIDER)


def test_page_without_scripts_has_the_picture_and_the_table(open_exploration: OpenExploration) -> None:
    """And no control that does nothing."""
    page = open_exploration(java_script_enabled=False)
    expect(page.locator("h1")).to_contain_text("With today's settings")
    expect(page.locator("#picture")).to_be_visible()
    expect(page.locator("#best tbody tr").first).to_be_visible()
    assert page.locator("main :is(button, input, select):visible").count() == 0


def test_page_prints(open_exploration: OpenExploration) -> None:
    """On paper there are no controls, but the whole table with the heads that sort it on the screen."""
    page = open_exploration()
    page.emulate_media(media="print")
    assert page.locator("main :is(button:not(.sort), input[type=range], select):visible").count() == 0
    expect(page.get_by_role("columnheader", name="time to recover").first).to_be_visible()
    expect(page.locator("#best tbody tr").last).to_be_visible()
    page.emulate_media(media="screen")
    assert page.pdf(format="A4").startswith(b"%PDF")
