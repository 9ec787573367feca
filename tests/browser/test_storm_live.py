"""The storm in the control room, on the services that `run_demo.py live --storm` starts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from support.browser import NewPage
from support.demo import PORT_SETTINGS, copy_of_the_project
from support.live import running_live
from support.tour import SOON_MS, walk_the_storm

STORM_PORT = "RECOMMENDATIONS_SERVICE_V2_PORT"


@pytest.mark.slow
def test_tour_of_the_storm(tmp_path: Path, free_ports: Callable[[int], list[int]], new_page: NewPage) -> None:
    """A cause of 8 s leaves an outage that stays until the load goes; the curl lines reach both services."""
    names = (*PORT_SETTINGS, STORM_PORT)
    ports = dict(zip(names, map(str, free_ports(len(names))), strict=True))
    with running_live(copy_of_the_project(tmp_path / "checkout"), ports, "--storm", settings={}) as live:
        page = new_page(live.room)
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(live.room)
        expect(page.locator("#story-title")).to_contain_text("The cause has gone", timeout=SOON_MS)
        page.locator("#heal").click()
        for service in ("RECOMMENDATIONS_SERVICE", "RECOMMENDATIONS_SERVICE_V2", "PRODUCT_SERVICE"):
            expect(page.locator("#curl")).to_contain_text(f"curl -X DELETE {live.url(service)}/faults")
        walk_the_storm(page)
