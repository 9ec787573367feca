"""The Redis of the profile `fleet` in its container, and replicas whose image has the package for it."""

import json
from collections.abc import Callable

import pytest
import requests
import yaml

from experiment.waiting import wait_until
from support.demo import ROOT, Demo
from support.docker import docker, port_range, require_image

REPLICAS = 3
SHARE = {"CIRCUIT_SHARE_URL": "redis://redis:6379"}
PROFILES = "docker compose --profile fleet --profile replicas"
UP = f"{PROFILES} up --build --detach --scale api-gateway-v2-replica={REPLICAS}"
DOWN = f"{PROFILES} down --timeout 3"
STARTED = ("redis", "product-service", "api-gateway-v2-replica")


@pytest.mark.slow
def test_replicas_share_by_the_redis_of_compose(
    demo: Demo, compose: dict[str, str], free_ports: Callable[[int], list[int]]
) -> None:
    """Each hears the others by the Redis, which may write nowhere and is not published; `down` ends them."""
    require_image(
        yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]["redis"]["image"]
    )
    settings = compose | SHARE | {"API_GATEWAY_V2_REPLICA_PORTS": port_range(free_ports(REPLICAS))}
    project = compose["COMPOSE_PROJECT_NAME"]
    try:
        status, _, err = demo.run(*UP.split(), *STARTED, env=settings, within_s=400)
        assert status == 0, err
        urls = [_published(f"{project}-api-gateway-v2-replica-{number}") for number in range(1, REPLICAS + 1)]
        assert wait_until(lambda: [_others(url) for url in urls] == [REPLICAS - 1] * REPLICAS, within_s=60, every_s=0.5)
        _check_container(f"{project}-redis-1")
    finally:
        demo.run(*DOWN.split(), env=settings)


def _published(container: str) -> str:
    """Return the address at which this machine reaches a replica."""
    return "http://" + docker("port", container, "8090").split()[0]


def _others(url: str) -> int | None:
    """Return how many other replicas one hears, if it answers."""
    try:
        metrics = requests.get(f"{url}/metrics", timeout=5).text
    except requests.RequestException:
        return None
    found = [line.split()[1] for line in metrics.splitlines() if line.startswith("circuit_fleet_other_replicas ")]
    return int(float(found[0])) if found else None


def _check_container(name: str) -> None:
    """Assert that the container may do little, and that no port of the host leads to it."""
    (container,) = json.loads(docker("inspect", name))
    assert container["HostConfig"]["ReadonlyRootfs"]
    assert container["HostConfig"]["CapDrop"] == ["ALL"]
    assert container["HostConfig"]["PortBindings"] in ({}, None)
