"""Docker, where tests need it."""

import os
import subprocess

import pytest

COMPOSE_UP = "docker compose up --build --detach --wait"  # as the README has it
COMPOSE_DOWN = "docker compose down"


def require_docker() -> None:
    """Skip without an engine that answers; in CI its absence is a failure."""
    try:
        answers = subprocess.run(["docker", "info"], capture_output=True, timeout=30, check=False).returncode == 0  # noqa: S607
    except (OSError, subprocess.TimeoutExpired):
        answers = False
    if not answers and os.environ.get("CI"):
        pytest.fail("CI needs a Docker Engine that answers")
    if not answers:
        pytest.skip("no Docker Engine answers on this machine")


def docker(*arguments: str) -> str:
    """Return what a docker command prints."""
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607
