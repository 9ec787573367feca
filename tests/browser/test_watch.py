"""What is asked of every page would be noticed: the check itself, on pages that fail it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from support.browser import STEADY_CHROMIUM, Watch, accessibility_problems

PollUntil = Callable[..., None]
OWN = "http://shop.invalid/"
GOOD = '<!doctype html><html lang="en"><title>Good</title><main><h1>Good</h1></main></html>'


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Return a page of a browser that reaches nobody: whatever it asks for is answered 404 with a good page."""
    page = chromium.new_page()
    page.route("**", lambda route: route.fulfill(status=404, body=GOOD, content_type="text/html"))
    yield page
    page.close()


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("console.error('broken')", "error: broken"),
        ("console.warn('careful')", "warning: careful"),
        ("setTimeout(() => { throw new Error('thrown') })", "uncaught: thrown"),
        ("fetch('http://elsewhere.invalid/')", "asked http://elsewhere.invalid/"),
        ("fetch('/missing')", "error: Failed to load resource"),
    ],
)
def test_what_a_page_must_not_do_is_noticed(page: Page, script: str, problem: str, poll_until: PollUntil) -> None:
    """Errors, warnings, requests to other hosts, and requests of its own that fail."""
    watch = Watch((OWN,))
    watch.on(page)
    page.goto(OWN)
    assert watch.problems() == []

    page.evaluate(f"() => {{ {script} }}")

    def noticed() -> bool:
        page.evaluate("0")  # lets Playwright tell what happened meanwhile
        return any(noticed.startswith(problem) for noticed in watch.problems())

    poll_until(noticed)


def test_what_not_everyone_can_read_is_noticed(page: Page) -> None:
    """Axe finds pale text, in the scheme in which it is pale."""
    page.goto(OWN)
    assert accessibility_problems(page) == []

    page.add_style_tag(content="@media (prefers-color-scheme: dark) { h1 { background: #fff; color: #ddd } }")

    (problem,) = accessibility_problems(page)
    assert problem.startswith("dark: color-contrast")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Docker's networks are not the machine's own")
def test_browser_is_not_told_of_networks_that_come_and_go() -> None:
    """What is started in Chromium's place can have every kind of socket but the one that tells of networks."""
    ask = "import socket; socket.socket().close(); socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"
    started = subprocess.run(  # noqa: S603 - our own
        [STEADY_CHROMIUM, "-c", ask],
        env={**os.environ, "CHROMIUM": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert "Address family not supported by protocol" in started.stderr
