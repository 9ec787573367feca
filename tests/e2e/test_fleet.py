"""The Redis of the profile `fleet` in its container, and a gateway whose image has the package for it."""

import json
from typing import Any

import pytest
import requests
import yaml

from experiment.waiting import wait_until
from support.demo import ROOT, Demo
from support.docker import docker, require_image

SHARE = {"CIRCUIT_SHARE_URL": "redis://redis:6379"}
UP = "docker compose --profile fleet up --build --detach"
DOWN = "docker compose --profile fleet down --timeout 3"
STARTED = ("redis", "product-service", "api-gateway-v2")


@pytest.mark.slow
def test_gateway_shares_by_the_redis_of_compose(demo: Demo, compose: dict[str, str]) -> None:
    """A gateway finds the Redis, which may write nowhere and is not published; `down` ends both."""
    require_image(
        yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]["redis"]["image"]
    )
    settings = compose | SHARE
    url = f"http://127.0.0.1:{compose['API_GATEWAY_V2_PORT']}/circuit-status"
    try:
        status, _, err = demo.run(*UP.split(), *STARTED, env=settings, within_s=400)
        assert status == 0, err
        assert wait_until(lambda: _fleet(url).get("sharing") is True, within_s=60, every_s=0.5)
        _check_container(f"{compose['COMPOSE_PROJECT_NAME']}-redis-1")
    finally:
        demo.run(*DOWN.split(), env=settings)


def _fleet(url: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = requests.get(url, timeout=5).json()["fleet"]
    except requests.RequestException:
        return {}
    return found


def _check_container(name: str) -> None:
    """Assert that the container may do little, and that no port of the host leads to it."""
    (container,) = json.loads(docker("inspect", name))
    assert container["HostConfig"]["ReadonlyRootfs"]
    assert container["HostConfig"]["CapDrop"] == ["ALL"]
    assert container["HostConfig"]["PortBindings"] in ({}, None)
