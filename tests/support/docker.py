"""Docker, where tests need it."""

import subprocess

from support.missing import missing

COMPOSE_UP = "docker compose up --build --detach --wait"  # as the README has it
COMPOSE_DOWN = "docker compose down"


def require_docker() -> None:
    """Return if an engine answers."""
    try:
        answers = subprocess.run(["docker", "info"], capture_output=True, timeout=30, check=False).returncode == 0  # noqa: S607
    except (OSError, subprocess.TimeoutExpired):
        answers = False
    if not answers:
        missing("Docker Engine that answers")


def docker(*arguments: str) -> str:
    """Return what a docker command prints."""
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607
