"""The control room on Docker Compose."""

from support.browser import NewPage
from support.demo import Demo
from support.live import running_live
from support.tour import walk_the_tour


def test_tour_of_the_control_room(demo: Demo, compose: dict[str, str], new_page: NewPage) -> None:
    """`live --engine docker` starts everything; the guided tour happens in the containers as it does without them."""
    with running_live(demo, compose, "--engine", "docker") as live:
        page = new_page(live.room)
        page.goto(live.room)
        walk_the_tour(page)
        assert f"curl -X DELETE {live.url('RECOMMENDATIONS_SERVICE')}/faults" in page.locator("#curl").inner_text()
