"""comparison_report.html in a real browser, opened as its reader opens it: from a file."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from experiment.phases import Phase
from report.page import write_page
from support.browser import PHONE, NewPage, accessibility_problems
from support.reports import CLASSIC, a_report

OpenReport = Callable[..., Page]

SHORT = {Phase.HEALTHY: 2.0, Phase.FAULT: 5.0, Phase.RECOVERY: 3.0}
RUNS: dict[str, dict[str, Any]] = {
    "normal": {},
    "classic": {"phases_s": CLASSIC},
    "interrupted": {"interrupted_after_s": 32.0},
    "interrupted before the fault": {"interrupted_after_s": 6.0},
    "failing": {"phases_s": SHORT, "v2_fails": True, "warnings": ["a busy generator"], "repeats": 2},
    "large": {"open_rate_per_s": 420.0, "repeats": 3},
}
IS_DRAWN = "performance.getEntriesByName('drawn').length > 0"
# how many different colours there are in each chart, looked at in every 97th pixel
COLOURS = """() => Object.values(drawings).map((chart) => {
  const canvas = chart.getRenderedCanvas();
  const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  return new Set(pixels.filter((_, index) => index % 97 === 0)).size;
})"""
PICTURE = "drawings.requests.getDataURL({pixelRatio: 0.25})"
HISTOGRAM = "drawings.latency.getDataURL()"
# show the tooltip of the first point of this outcome
POINT_AT = """name => drawings.requests.dispatchAction({
  type: 'showTip',
  seriesIndex: drawings.requests.getOption().series.findIndex((one) => one.name === name),
  dataIndex: 0,
})"""
CHARTS = 7


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that returns the page of a run of this kind."""
    folder = tmp_path_factory.mktemp("pages")

    def page_of(run: str) -> Path:
        path = folder / f"{run}.html"
        if not path.exists():
            write_page(path, *a_report(**RUNS[run]))
        return path

    return page_of


@pytest.fixture
def open_report(new_page: NewPage, page_of: Callable[[str], Path]) -> OpenReport:
    """Return a function that opens the page of a run of this kind, and waits until its charts are drawn."""

    def open_page(run: str, **options: Any) -> Page:
        path = page_of(run)
        page = new_page(path.as_uri(), **options)
        page.goto(path.as_uri())
        page.wait_for_function(IS_DRAWN)
        return page

    return open_page


@pytest.mark.parametrize("run", RUNS)
def test_every_kind_of_run_is_drawn_without_a_complaint(open_report: OpenReport, run: str) -> None:
    """No error, no request to anywhere (`new_page` sees to both), and no chart is blank."""
    colours = open_report(run).evaluate(COLOURS)
    assert len(colours) == CHARTS
    assert min(colours) > 3


def test_run_without_a_request_has_no_charts(open_report: OpenReport, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty frame would look like a result."""
    monkeypatch.setitem(RUNS, "stopped at once", {"interrupted_after_s": 0.0})
    page = open_report("stopped at once")
    assert page.locator(".canvas").count() == 0
    assert "INTERRUPTED" in page.locator("h1").inner_text()


def test_page_can_be_read_by_everyone(open_report: OpenReport) -> None:
    """Axe finds nothing, in light and in dark, on the page that has the most to say."""
    assert accessibility_problems(open_report("failing")) == []


def test_phone_scrolls_tables_but_never_the_page_sideways(open_report: OpenReport) -> None:
    """At 390 pixels."""
    page = open_report("failing", viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate("[...document.querySelectorAll('.scroll')].some((box) => box.scrollWidth > box.clientWidth)")


def test_charts_follow_the_theme_while_the_page_is_open(open_report: OpenReport) -> None:
    """The picture is drawn again when the theme changes, and again when it changes back."""
    page = open_report("classic", color_scheme="light")
    light = page.evaluate(PICTURE)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"before => {PICTURE} !== before", arg=light)
    dark = page.evaluate(PICTURE)
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"before => {PICTURE} !== before", arg=dark)


def test_outcome_can_be_hidden_and_shown(open_report: OpenReport) -> None:
    """The legend's buttons say and do so."""
    page = open_report("classic")
    before = page.evaluate(PICTURE)
    button = page.get_by_role("button", name="degraded")
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    page.wait_for_function(f"before => {PICTURE} !== before", arg=before)
    hidden = page.evaluate(PICTURE)
    button.click()
    page.wait_for_function(f"before => {PICTURE} !== before", arg=hidden)


def test_point_shows_the_command_that_traces_its_request(open_report: OpenReport) -> None:
    """Whoever points at a request sees what to type to follow it through the services."""
    page = open_report("normal")
    page.evaluate(POINT_AT, "failed")
    (shown,) = page.get_by_text("python3 run_demo.py trace").all_inner_texts()
    assert re.fullmatch(r"python3 run_demo\.py trace v\d-\d+", shown)


def test_latencies_of_another_phase_can_be_chosen(open_report: OpenReport) -> None:
    """The fault's are shown first."""
    page = open_report("normal")
    before = page.evaluate(HISTOGRAM)
    assert page.get_by_role("radio", name="in the fault").is_checked()
    page.get_by_role("radio", name="while healthy").check()
    page.wait_for_function(f"before => {HISTOGRAM} !== before", arg=before)


def test_page_prints_light_and_comes_back_as_it_was(open_report: OpenReport) -> None:
    """In a dark browser too; charts are drawn for the width of the paper."""
    page = open_report("classic", color_scheme="dark")
    widths = "drawings.requests.getWidth()"
    on_screen = page.evaluate(widths)
    page.evaluate(
        f"addEventListener('beforeprint', () => (window.printed = [getComputedStyle(document.body).color, {widths}]))"
    )
    assert page.pdf(format="A4").startswith(b"%PDF")
    ink, on_paper = page.evaluate("window.printed")
    assert ink == "rgb(27, 34, 38)"
    assert on_paper < on_screen
    page.wait_for_function(f"{widths} === {on_screen}")
