"""Pages in a real browser: headless Chromium, driven by Playwright.

    page = new_page(address)                    # 1280 pixels wide; `address` is all that it may ask
    page = new_page(address, viewport=PHONE)    # 390 pixels; or any other option of Playwright's `new_context`
    page.goto(f"{address}/")

At its end, the test fails when one of its pages logged an error or a warning, or asked any other address.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from support.browser import DESKTOP, Watch, require_chromium

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, one for all tests."""
    found = require_chromium()
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=as_root)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """Return a function that opens a blank page, in a context of its own, which may ask the given addresses alone."""
    watched: list[tuple[Page, Watch]] = []

    def new_page(*own: str, **options: Any) -> Page:
        page = chromium.new_context(**{"viewport": DESKTOP, **options}).new_page()
        watch = Watch(own)
        watch.on(page)
        watched.append((page, watch))
        return page

    yield new_page
    for page, _ in watched:
        page.context.close()
    assert [problem for _, watch in watched for problem in watch.problems()] == []
