"""Fixtures for run_demo.py, run as its user runs it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.demo import PORT_SETTINGS, Demo, copy_of_the_project


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
