"""Fixtures for run_demo.py, run as its user runs it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support import networks
from support.demo import PORT_SETTINGS, Demo, copy_of_the_project
from support.docker import docker, require_docker

PROJECT = f"circuit-breaker-demo-test-{os.getpid()}"  # another for each worker, and for each checkout


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A copy of the project, and a way to run commands in it; whatever still runs afterwards is a failure."""
    runner = copy_of_the_project(tmp_path / "checkout")
    yield runner
    runner.end()


@pytest.fixture
def own_ports(free_ports: Callable[[int], list[int]]) -> dict[str, str]:
    """Settings that put the shop on free ports."""
    return {name: str(port) for name, port in zip(PORT_SETTINGS, free_ports(len(PORT_SETTINGS)), strict=True)}


@pytest.fixture
def two_ports(free_ports: Callable[[int], list[int]]) -> tuple[int, int]:
    """Return two free ports of which one follows the other."""
    found = sorted(free_ports(20))
    return next((port, port + 1) for port in found if port + 1 in found)


@pytest.fixture
def compose(compose_project: dict[str, str]) -> Iterator[dict[str, str]]:
    """Settings for a Compose project of the tests' own, whose containers find each other as long as the test runs."""
    with networks.names_kept():
        yield compose_project


@pytest.fixture
def compose_project(own_ports: dict[str, str]) -> Iterator[dict[str, str]]:
    """Settings for a Compose project of the tests' own; nothing of it is left afterwards."""
    require_docker()
    yield own_ports | {"COMPOSE_PROJECT_NAME": PROJECT}
    _check_nothing_is_left()


def _check_nothing_is_left() -> None:
    mine = f"label=com.docker.compose.project={PROJECT}"
    left_over = docker("ps", "--all", "--quiet", "--filter", mine) + docker(
        "network", "ls", "--quiet", "--filter", mine
    )
    for container in docker("ps", "--all", "--quiet", "--filter", mine).split():
        docker("rm", "--force", container)
    for image in set(docker("image", "ls", "--quiet", "--filter", mine).split()):
        docker("image", "rm", "--force", image)
    assert left_over == ""
