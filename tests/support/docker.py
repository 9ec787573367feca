"""Docker, where tests need it."""

import subprocess

from support.missing import missing

COMPOSE_UP = "docker compose up --build --detach --wait"  # as the README has it
COMPOSE_DOWN = "docker compose down"
OBSERVABILITY_UP = "docker compose --profile observability up --build --detach --wait"  # as docs/operations.md has it
LOAD_WORKERS_UP = (  # as docs/the-experiment.md has it
    "docker compose --profile load-workers up --build --scale load-worker-v1=2 --scale load-worker-v2=2 "
    "load-worker-v1 load-worker-v2"
)
LOAD_WORKERS_DOWN = "docker compose --profile load-workers down"
# as docs/scaling.md has them
REPLICAS_UP = "docker compose --profile replicas up --build --detach --wait --scale api-gateway-v2-replica=3"
REPLICAS_RUN = "python3 run_demo.py --engine docker --replicas 3"
REPLICAS_DOWN = "docker compose --profile replicas down"
OBSERVABILITY_DOWN = "docker compose --profile observability down"


def require_docker() -> None:
    """Return if an engine answers."""
    try:
        answers = subprocess.run(["docker", "info"], capture_output=True, timeout=30, check=False).returncode == 0  # noqa: S607
    except (OSError, subprocess.TimeoutExpired):
        answers = False
    if not answers:
        missing("Docker Engine that answers")


def require_image(name: str) -> None:
    """Return if the image is here, or can be pulled."""
    if not any(_succeeds("docker", *command, name) for command in (("image", "inspect"), ("pull", "--quiet"))):
        missing(f"image {name}")


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - as above


def docker(*arguments: str) -> str:
    """Return what a docker command prints."""
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607


def port_range(ports: list[int]) -> str:
    """Return a range that has these ports; Docker takes those of it that are free."""
    return f"{min(ports)}-{max(ports)}"
