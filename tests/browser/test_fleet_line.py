"""The line of the control room that tells of the fleet."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from benchmarks.redis_server import redis_running
from support.browser import NewPage
from support.demo import PORT_SETTINGS, copy_of_the_project
from support.live import SHORT, running_live
from support.redis import require_redis
from support.tour import SOON_MS


def test_tells_whether_v2_shares(
    tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[int], list[int]], new_page: NewPage
) -> None:
    """The page says with how many others v2 shares what it sees, and why it does not when Redis is gone."""
    require_redis()
    folder = tmp_path_factory.mktemp("fleet")
    ports = dict(zip(PORT_SETTINGS, map(str, free_ports(len(PORT_SETTINGS))), strict=True))
    with redis_running(folder / "redis.log") as redis:
        settings = {**SHORT, "CIRCUIT_SHARE_URL": redis.url}
        with running_live(copy_of_the_project(folder / "checkout"), ports, settings=settings) as live:
            page = new_page(live.room)
            page.goto(live.room)
            line = page.locator("#fleet")
            expect(line).to_have_text("Shares with 0 other replicas, 0 of them OPEN", timeout=SOON_MS)
            redis.kill()
            expect(line).to_have_text("Shares nothing: Redis cannot be reached", timeout=SOON_MS)
