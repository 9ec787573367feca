"""The same on Docker Compose, with real containers."""

import json

import requests

from experiment.phases import Phase
from experiment.report.model import Report
from support.demo import Demo
from support.docker import docker

IMAGES_WITHOUT = {
    "product-service": {"requests", "pybreaker", "locust", "rich", "pytest"},
    "recommendations-service": {"requests", "pybreaker", "locust", "rich", "pytest"},
    "api-gateway-v1": {"pybreaker", "locust", "rich", "pytest"},
    "api-gateway-v2": {"locust", "rich", "pytest"},
    "control-room": {"pybreaker", "locust", "rich", "pytest"},
}


def test_compose_stack_is_sick_healthy_and_gone(demo: Demo, compose: dict[str, str]) -> None:
    """`docker compose up --build` starts the sick shop; the experiment runs on it; `down` leaves nothing."""
    up = demo.start("docker", "compose", "up", "--build", "--detach", "--wait", env=compose)
    _, err = up.communicate(timeout=240)
    assert up.returncode == 0, err
    try:
        faults = f"http://127.0.0.1:{compose['RECOMMENDATIONS_SERVICE_PORT']}/faults"
        assert requests.get(faults, timeout=5).json()["fault"]["kind"] == "hang"
        _check_images()
        _check_containers(compose["COMPOSE_PROJECT_NAME"])

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


def _check_images() -> None:
    """An image has the packages that its service needs, and runs as nobody special."""
    for service, unwanted in IMAGES_WITHOUT.items():
        image = f"circuit-breaker-demo/{service}"
        packages = docker("run", "--rm", "--entrypoint", "ls", image, "/venv/lib/python3.13/site-packages").split()
        assert not unwanted & set(packages), service
        config = json.loads(docker("image", "inspect", image))[0]["Config"]
        assert config["User"] == "10001:10001"
        assert config["Cmd"] == ["python", "-m", service.replace("-", "_")]


def _check_containers(project: str) -> None:
    """Every container is healthy, and published on this machine alone."""
    lines = docker(
        "ps", "--filter", f"label=com.docker.compose.project={project}", "--format", "{{json .}}"
    ).splitlines()
    containers = [json.loads(line) for line in lines]
    assert len(containers) == 7
    for container in containers:
        assert "(healthy)" in container["Status"]
        assert container["Ports"].startswith("127.0.0.1:")
