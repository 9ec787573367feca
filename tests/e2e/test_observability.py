"""Prometheus in its container, as Compose starts it beside the shop. No test has a Grafana (docs/operations.md)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from experiment.waiting import wait_until
from support.demo import ROOT, Demo
from support.docker import OBSERVABILITY_DOWN, OBSERVABILITY_UP, docker, require_image
from support.prometheus import FOLDER, Prometheus

STARTED = ("prometheus", "product-service")


@pytest.mark.slow
def test_prometheus_watches_the_shop(
    demo: Demo, compose: dict[str, str], free_ports: Callable[[int], list[int]]
) -> None:
    """In a container that can write nowhere but to its own store, it gets metrics and has the rules; `down` ends it."""
    require_image(_yaml(ROOT / "docker-compose.yml")["services"]["prometheus"]["image"])
    (port,) = free_ports(1)
    settings = compose | {"PROMETHEUS_PORT": str(port)}
    try:
        status, _, err = demo.run(*OBSERVABILITY_UP.split(), *STARTED, env=settings, within_s=400)
        assert status == 0, err
        prometheus = Prometheus(f"http://127.0.0.1:{port}")
        assert wait_until(lambda: prometheus.up() == {"product-service"}, within_s=60, every_s=0.5)
        assert prometheus.rules() == {rule["alert"] for rule in _yaml(FOLDER / "alerts.yml")["groups"][0]["rules"]}
        _check_container(f"{compose['COMPOSE_PROJECT_NAME']}-prometheus-1", port)
    finally:
        demo.run(*OBSERVABILITY_DOWN.split(), "--timeout", "3", env=settings)


def _check_container(name: str, port: int) -> None:
    """Assert that the container may do little, and that other machines do not reach it."""
    (container,) = json.loads(docker("inspect", name))
    assert container["Config"]["User"] == "65534:65534"
    assert container["HostConfig"]["ReadonlyRootfs"]
    assert container["HostConfig"]["PortBindings"] == {"9090/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}


def _yaml(file: Path) -> Any:  # noqa: ANN401 - whatever is in the file
    return yaml.safe_load(file.read_text(encoding="utf-8"))
