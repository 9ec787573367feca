"""The shop on Docker Swarm, on a swarm of one node and overlay networks of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support import networks
from support.demo import Demo
from support.swarm import BUILD, DEPLOY, LOAD, LOGS, UPDATE, Stack, swarm

SLOW = '{"kind": "slow", "delay_s": 0.3}'  # so that every replica has pages in work when it is stopped
# on a busy machine, v2 would protect itself from the slow service
PATIENT = "PRODUCT_DEADLINE_S=30\nPRODUCT_SLOW_CALL_S=30\n"


@pytest.fixture
def stack(demo: Demo, compose_project: dict[str, str], poll_until: Callable[..., None]) -> Stack:
    """The shop as the documents deploy it, with images of the tests' own."""
    settings = compose_project | {"LOAD_USERS": "10"}
    return Stack(demo, settings["COMPOSE_PROJECT_NAME"], settings, poll_until)


@pytest.mark.slow
def test_rolling_update_fails_no_request(demo: Demo, stack: Stack, free_ports: Callable[[int], list[int]]) -> None:
    """Every replica of v2 is replaced by one of a new image while two generators load it, and no request fails."""
    swarm_files = demo.folder / "deploy" / "swarm"
    (swarm_files / "api-gateway-v2.env").write_text(PATIENT, encoding="utf-8")
    _publish_nothing(swarm_files / "stack.yml")
    with networks.names_lost(), swarm(*free_ports(1)):
        try:
            stack.run(BUILD)
            stack.run(DEPLOY)
            stack.wait_until_all_run()
            stack.run(LOAD)
            stack.wait_until_all_run()
            _make_new_version(demo, stack)
            stack.break_every("product-service", 8081, SLOW)
            with stack.visitors("tasks.api-gateway-v2", 8090) as seen:
                stack.run(UPDATE)
                stack.wait_until_replaced("api-gateway-v2")  # the last old one is stopped when the update is over
            assert len(stack.containers("api-gateway-v2")) == 3
            assert set(seen) == {"kept: 200", "new: 200"}, seen
            assert min(seen.values()) > 50, seen
            _check_load(stack)
        finally:
            stack.remove()
            stack.wait_until_gone()


def _publish_nothing(stack_file: Path) -> None:
    """Take out the ports, which Swarm would open to other machines; the load comes from inside."""
    lines = stack_file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("    ports: ")]
    assert len(lines) - len(kept) == 2
    stack_file.write_text("".join(kept), encoding="utf-8")


def _make_new_version(demo: Demo, stack: Stack) -> None:
    """Build v2 again, from another source."""
    before = stack.built("api-gateway-v2")
    with (demo.folder / "api-gateway-v2" / "api_gateway_v2" / "__init__.py").open("a", encoding="utf-8") as source:
        source.write("# the next version\n")
    stack.run(BUILD)
    assert stack.built("api-gateway-v2") != before


def _check_load(stack: Stack) -> None:
    """Assert that both generators have loaded the gateway, and that their master has counted no failure."""
    stack.run(LOGS)
    load = stack.load()
    assert [worker["state"] for worker in load["workers"]] == ["running"] * 2
    total = load["stats"][-1]
    assert (total["name"], total["num_failures"]) == ("Aggregated", 0)
    assert total["num_requests"] > 50
