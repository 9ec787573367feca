"""The same on Docker Compose, with real containers."""

import json
import os
import subprocess
from collections.abc import Iterator

import pytest
import requests

from experiment.phases import Phase
from experiment.report.model import Report
from support.browser import NewPage
from support.demo import Demo
from support.docker import require_docker
from support.live import running_live
from support.tour import walk_the_tour

PROJECT = f"circuit-breaker-demo-test-{os.getpid()}"  # two checkouts may be tested at once
IMAGES_WITHOUT = {
    "product-service": {"requests", "pybreaker", "locust", "rich", "pytest"},
    "recommendations-service": {"requests", "pybreaker", "locust", "rich", "pytest"},
    "api-gateway-v1": {"pybreaker", "locust", "rich", "pytest"},
    "api-gateway-v2": {"locust", "rich", "pytest"},
    "control-room": {"pybreaker", "locust", "rich", "pytest"},
}


def docker(*arguments: str) -> str:
    """Return what a docker command prints."""
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607


@pytest.fixture
def compose(own_ports: dict[str, str]) -> Iterator[dict[str, str]]:
    """Settings for a Compose project of the tests' own; nothing of it is left afterwards."""
    require_docker()
    yield own_ports | {"COMPOSE_PROJECT_NAME": PROJECT}
    mine = f"label=com.docker.compose.project={PROJECT}"
    left_over = docker("ps", "--all", "--quiet", "--filter", mine) + docker(
        "network", "ls", "--quiet", "--filter", mine
    )
    for container in docker("ps", "--all", "--quiet", "--filter", mine).split():
        docker("rm", "--force", container)
    assert left_over == ""


def test_compose_stack_is_sick_healthy_and_gone(demo: Demo, compose: dict[str, str]) -> None:
    """`docker compose up --build` starts the sick shop; the experiment runs on it; `down` leaves nothing."""
    up = demo.start("docker", "compose", "up", "--build", "--detach", "--wait", env=compose)
    _, err = up.communicate(timeout=240)
    assert up.returncode == 0, err
    try:
        faults = f"http://127.0.0.1:{compose['RECOMMENDATIONS_SERVICE_PORT']}/faults"
        assert requests.get(faults, timeout=5).json()["fault"]["kind"] == "hang"
        _check_images()
        _check_containers()

        status, out, err = demo.run(
            "python3", "run_demo.py", "--engine", "docker", "--phases", "healthy=2,fault=5,recovery=2", env=compose
        )
        assert status in (0, 1), out + err
        report = Report.model_validate_json((demo.results / "comparison_report.json").read_text())
        v1, v2 = (report.gateways[gateway].phases[Phase.FAULT].product_details for gateway in report.gateways)
        assert v1.accounts.unanswered == v1.accounts.scheduled > 0
        assert v2.accounts.degraded == v2.accounts.scheduled > v1.accounts.scheduled
        assert all(check.held is not False for check in report.checks)
        assert requests.get(faults, timeout=5).json()["fault"]["kind"] == "hang", "left as it was found"
    finally:
        demo.run("docker", "compose", "down", "--timeout", "3", env=compose)


def test_engine_docker_starts_and_removes_its_own_stack(demo: Demo, compose: dict[str, str]) -> None:
    """Without a running stack, `--engine docker` brings its own, keeps its logs and takes it down."""
    command = ("python3", "run_demo.py", "--engine", "docker", "--users", "5", "--duration", "5")
    status, out, err = demo.run(*command, env=compose, within_s=240)
    assert status in (0, 1), out + err
    lines = (demo.results / "logs" / "api-gateway-v2.log").read_text().splitlines()
    assert json.loads(lines[-1])["service"] == "api-gateway-v2"


def test_engine_docker_leaves_the_containers_that_it_found(demo: Demo, compose: dict[str, str]) -> None:
    """With one service running already, the others are started and removed, and that one stays."""
    status, _, err = demo.run("docker", "compose", "up", "--build", "--detach", "product-service", env=compose)
    assert status == 0, err
    try:
        command = ("python3", "run_demo.py", "--engine", "docker", "--users", "2", "--duration", "5")
        status, out, err = demo.run(*command, env=compose, within_s=240)
        assert status in (0, 1), out + err
        _, running, _ = demo.run("docker", "compose", "ps", "--all", "--services", env=compose)
        assert running.split() == ["product-service"]
    finally:
        demo.run("docker", "compose", "down", "--timeout", "3", env=compose)


def test_tour_of_the_control_room(demo: Demo, compose: dict[str, str], new_page: NewPage) -> None:
    """`live --engine docker` starts everything; the guided tour happens in the containers as it does without them."""
    with running_live(demo, compose, "--engine", "docker") as live:
        page = new_page(live.room)
        page.goto(live.room)
        walk_the_tour(page)
        assert f"curl -X DELETE {live.url('RECOMMENDATIONS_SERVICE')}/faults" in page.locator("#curl").inner_text()


def _check_images() -> None:
    """An image has the packages that its service needs, and runs as nobody special."""
    for service, unwanted in IMAGES_WITHOUT.items():
        image = f"circuit-breaker-demo/{service}"
        packages = docker("run", "--rm", "--entrypoint", "ls", image, "/venv/lib/python3.13/site-packages").split()
        assert not unwanted & set(packages), service
        config = json.loads(docker("image", "inspect", image))[0]["Config"]
        assert config["User"] == "10001:10001"
        assert config["Cmd"] == ["python", "-m", service.replace("-", "_")]


def _check_containers() -> None:
    """Every container is healthy, and published on this machine alone."""
    lines = docker(
        "ps", "--filter", f"label=com.docker.compose.project={PROJECT}", "--format", "{{json .}}"
    ).splitlines()
    containers = [json.loads(line) for line in lines]
    assert len(containers) == 7
    for container in containers:
        assert "(healthy)" in container["Status"]
        assert container["Ports"].startswith("127.0.0.1:")
