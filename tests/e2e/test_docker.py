"""The shop on Docker Compose, in real containers."""

import json
import subprocess

import pytest
from playwright.sync_api import Browser

from experiment.phases import Phase
from experiment.results.model import Report
from support.demo import Demo
from support.docker import COMPOSE_DOWN, COMPOSE_UP, LOAD_WORKERS_DOWN, LOAD_WORKERS_UP, docker
from support.live import SHORT, Live
from support.tour import walk_the_tour

IMAGES_WITHOUT = {
    "product-service": {"requests", "pybreaker", "locust", "rich", "pytest"},
    "recommendations-service": {"requests", "pybreaker", "locust", "rich", "pytest"},
    "api-gateway-v1": {"pybreaker", "locust", "rich", "pytest"},
    "api-gateway-v2": {"locust", "rich", "pytest"},
    "control-room": {"pybreaker", "locust", "rich", "pytest"},
}

# Claims that do not depend on the speed of the machine, in containers with limits of memory, processor and threads.
HOLD_WITHIN_LIMITS = {"v2 fails no request", "v1 serves no product page within 1 s during the fault"}


@pytest.mark.slow
def test_compose_stack(demo: Demo, compose: dict[str, str], chromium: Browser) -> None:
    """`docker compose up --build` starts the sick shop and its control room, and `down` removes both."""
    settings = compose | SHORT
    live = Live(settings)
    try:
        status, _, err = demo.run(*COMPOSE_UP.split(), env=settings, within_s=400)
        assert status == 0, err
        assert live.fault()["kind"] == "hang"
        _check_images(compose["COMPOSE_PROJECT_NAME"])
        _check_containers(compose["COMPOSE_PROJECT_NAME"])
        _check_networks(compose["COMPOSE_PROJECT_NAME"])
        _check_experiment(demo, settings, live)
        _check_limits_were_enough(compose["COMPOSE_PROJECT_NAME"])
        _check_process_faults(demo, settings)
        assert live.fault()["kind"] == "hang", "left as it was found"
        _check_tour(live, chromium)
    finally:
        demo.run(*COMPOSE_DOWN.split(), "--timeout", "3", env=settings)


@pytest.mark.slow
def test_workers_in_containers_make_the_load(demo: Demo, compose: dict[str, str], two_ports: tuple[int, int]) -> None:
    """Two containers for each gateway join a run of this machine and make its load; they end with it."""
    v1, v2 = map(str, two_ports)
    settings = compose | {"LOAD_PORT_V1": v1, "LOAD_PORT_V2": v2}
    options = ("--load-workers", "2", "--load-port", v1, "--duration", "6", "--users", "30")
    try:
        run = demo.start("python3", "run_demo.py", *options, env=settings)
        workers = demo.start(*LOAD_WORKERS_UP.split(), env=settings)
        out, err = run.communicate(timeout=400)
        _, problem = workers.communicate(timeout=60)
        assert run.returncode in (0, 1), out + err + problem
        assert out.count("2 load workers made the requests to api-gateway-v") == 2
    finally:
        demo.run(*LOAD_WORKERS_DOWN.split(), "--timeout", "3", env=settings)


def _check_experiment(demo: Demo, settings: dict[str, str], live: Live) -> None:
    """Assert that the experiment uses the running stack."""
    command = "python3 run_demo.py --engine docker --users 30 --phases healthy=2,fault=5,recovery=2"
    status, out, err = demo.run(*command.split(), env=settings)
    assert status in (0, 1), out + err
    report = Report.model_validate_json((demo.results / "comparison_report.json").read_text())
    assert {claim.name for claim in report.claims if not claim.held}.isdisjoint(HOLD_WITHIN_LIMITS)
    v1, v2 = (report.gateways[gateway].phases[Phase.FAULT].product_details for gateway in report.gateways)
    assert v1.good == 0 < v1.accounts.scheduled
    answered = v2.accounts.scheduled - v2.accounts.unanswered  # a busy machine may leave some behind
    assert v2.accounts.degraded == answered > 0, live.circuit()["circuits"]
    # on a busy machine a call may meet its deadline before it arrives
    answers = [check for check in report.checks if "that reached" not in check.what]
    assert answers
    assert all(check.held is not False for check in answers)


def _check_process_faults(demo: Demo, settings: dict[str, str]) -> None:
    """Assert that containers can be killed and paused, and come back."""
    for fault in ("kill,cold_s=1", "stop"):
        command = ("python3", "run_demo.py", "--engine", "docker", "--fault", fault)
        phases = ("--phases", "healthy=1,fault=3,recovery=4")
        status, out, err = demo.run(*command, *phases, "--arrival-rate", "8", env=settings)
        assert status in (0, 1), out + err  # and not 3: the service came back in time
        report = Report.model_validate_json((demo.results / "comparison_report.json").read_text())
        v1, v2 = (report.gateways[gateway].phases for gateway in report.gateways)
        # pages asked for while Docker is still at work on its container may be good
        assert v1[Phase.FAULT].product_details.good < v1[Phase.FAULT].product_details.accounts.scheduled / 2
        assert v2[Phase.FAULT].product_details.accounts.degraded > 0


def _check_tour(live: Live, chromium: Browser) -> None:
    """Assert that the guided tour works in containers as well."""
    page = chromium.new_page()
    page.goto(live.room)
    walk_the_tour(page)
    assert f"curl -X DELETE {live.url('RECOMMENDATIONS_SERVICE')}/faults" in page.locator("#curl").inner_text()
    page.close()


def _check_limits_were_enough(project: str) -> None:
    """Assert that no container met its limit of memory, or of processes and threads."""
    containers = docker("ps", "--quiet", "--filter", f"label=com.docker.compose.project={project}").split()
    assert len(containers) == 7
    for container in containers:
        assert docker("inspect", "--format", "{{.State.OOMKilled}} {{.RestartCount}}", container).strip() == "false 0"
        assert "can't start new thread" not in docker("logs", container)


def _check_networks(project: str) -> None:
    """Assert that the load reaches its gateway and not the services behind it."""
    reach = "exec 3<>/dev/tcp/%s"
    docker("exec", f"{project}-load-v2-1", "bash", "-c", reach % "api-gateway-v2/8090")
    for behind in ("recommendations-service/8082", "product-service/8081"):
        with pytest.raises(subprocess.CalledProcessError):
            docker("exec", f"{project}-load-v2-1", "bash", "-c", reach % behind)


def _check_images(project: str) -> None:
    """Assert that an image has only the packages that its service needs, and runs as an ordinary user."""
    for service, unwanted in IMAGES_WITHOUT.items():
        container = f"{project}-{service}-1"
        packages = docker("exec", container, "ls", "/venv/lib/python3.13/site-packages").split()
        assert "flask" in packages
        assert not unwanted & set(packages), service
        config = json.loads(docker("image", "inspect", f"{project}-{service}"))[0]["Config"]
        assert config["User"] == "10001:10001"
        assert config["Cmd"] == ["python", "-m", service.replace("-", "_")]


def _check_containers(project: str) -> None:
    """Assert that every container is healthy and published on the loopback address only."""
    lines = docker(
        "ps", "--filter", f"label=com.docker.compose.project={project}", "--format", "{{json .}}"
    ).splitlines()
    containers = [json.loads(line) for line in lines]
    assert len(containers) == 7
    for container in containers:
        host = json.loads(docker("inspect", "--format", "{{json .HostConfig}}", container["Names"]))
        assert 0 < host["Memory"] <= 2**28
        assert (host["NanoCpus"], host["PidsLimit"], host["ReadonlyRootfs"]) == (10**9, 512, True)
        assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "2"}
        assert "(healthy)" in container["Status"]
        assert container["Ports"].startswith("127.0.0.1:")
