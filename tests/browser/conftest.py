"""The control room and all that it watches, for the tests of a file."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from support.browser import NewPage
from support.demo import PORT_SETTINGS, copy_of_the_project
from support.live import Live, running_live
from support.tour import SOON_MS


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[int], list[int]]) -> Iterator[Live]:
    """Everything, with times that are short enough to wait for."""
    ports = dict(zip(PORT_SETTINGS, map(str, free_ports(len(PORT_SETTINGS))), strict=True))
    with running_live(copy_of_the_project(tmp_path_factory.mktemp("live") / "checkout"), ports) as live:
        yield live


@pytest.fixture
def page(live: Live, new_page: NewPage) -> Page:
    """The page of a calm shop, connected."""
    live.calm()
    page = new_page(live.room)
    page.goto(live.room)
    expect(page.locator("#stream")).to_have_attribute("data-state", "live", timeout=SOON_MS)
    return page
