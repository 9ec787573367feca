"""What every kind of test may use: polling, free ports, and pages in a real browser (headless Chromium, by Playwright).

    page = new_page(address)                    # 1280 pixels wide; `address` is all that it may ask
    page = new_page(address, viewport=PHONE)    # 390 pixels; or any other option of Playwright's `new_context`
    page.goto(f"{address}/")

At its end, the test fails when one of its pages logged an error or a warning, or asked any other address.
"""

import os
import random
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle, islice
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from experiment.waiting import wait_until
from support.browser import DESKTOP, STEADY_CHROMIUM, NewPage, Watch, require_chromium

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # jsonschema would build its grammars for seconds

PollUntil = Callable[..., None]
PATIENCE_MS = 90_000  # what a page gets on a busy machine
expect.set_options(timeout=30_000)
LOWEST_PORT = 10_000  # up to 30,000 for twenty workers: below the ports that outgoing connections get
PORTS_OF_A_WORKER = 1_000


# Files in the order in which they begin: the longest first. Other tests with containers wait for the swarm to end, so
# those that begin beside it are of other kinds.
BEGIN_WITH = (
    "e2e/test_swarm.py",
    "browser/test_storm_live.py",
    "integration/test_storm.py",
    "integration/test_benchmarks.py",
    "integration/test_alerts.py",
    "e2e/test_docker.py",
    "e2e/test_replicas.py",
    "e2e/",
    "browser/",
    "",
)


def pytest_configure() -> None:
    """Let tests signal what they start, even under nohup or in the background of a shell.

    Children inherit an ignored signal, but not a handler that does nothing.
    """
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, lambda *_: None)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests so that all workers are busy to the end."""
    items.sort(key=lambda item: next(n for n, part in enumerate(BEGIN_WITH) if part in item.nodeid))


@pytest.fixture(scope="session")
def poll_until() -> PollUntil:
    """Return a function that waits for a condition to come true, and fails when it does not."""
    return _poll_until


def _poll_until(condition: Callable[[], object], *, within_s: float = 30.0) -> None:
    if not wait_until(condition, within_s=within_s, every_s=0.02):
        pytest.fail(f"not so within {within_s:g} s: {getattr(condition, '__name__', condition)}")


@pytest.fixture(scope="session")
def free_ports() -> Callable[[int], list[int]]:
    """Return a function that finds ports nobody listens on; each worker of pytest-xdist has a range of its own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    own = range(LOWEST_PORT + worker * PORTS_OF_A_WORKER, LOWEST_PORT + (worker + 1) * PORTS_OF_A_WORKER)
    turn = random.randrange(len(own))  # noqa: S311 - no secret; another run on this machine begins elsewhere
    ports = filter(_is_free, cycle((*own[turn:], *own[:turn])))
    return lambda count: list(islice(ports, count))


def _is_free(port: int) -> bool:
    with suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, one for all tests."""
    environment: dict[str, str | float | bool] = {**os.environ, "CHROMIUM": require_chromium()}
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=STEADY_CHROMIUM, args=as_root, env=environment)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """Return a function that opens a blank page, in a context of its own, which may ask the given addresses alone."""
    watched: list[tuple[Page, Watch]] = []

    def new_page(*own: str, **options: Any) -> Page:
        page = chromium.new_context(**{"viewport": DESKTOP, **options}).new_page()
        page.set_default_timeout(PATIENCE_MS)
        watch = Watch(own)
        watch.on(page)
        watched.append((page, watch))
        return page

    yield new_page
    for page, _ in watched:
        page.context.close()
    assert [problem for _, watch in watched for problem in watch.problems()] == []
