"""The labs on Docker Compose, with real containers."""

import json
import os
from collections.abc import Iterator

import pytest
import requests

from support import networks
from support.demo import Demo
from support.docker import docker, require_docker
from support.labs import NAMES, FreePorts, compose, own_ports

PREFIX = f"circuit-breaker-demo-test-lab-{os.getpid()}-"
OKAY = {
    "echo": '{"service_b":"ok","service_a":{"echo":"hello"}}',
    "echo-validated": '{"msg":"hello","echo_response":{"echo":"hello"}}',
}


@pytest.fixture
def stacks(demo: Demo, free_ports: FreePorts) -> Iterator[dict[str, dict[str, str]]]:
    """Run all three labs at once and return the settings of each; nothing is left afterwards."""
    require_docker()
    with networks.names_kept():
        yield from _running(demo, free_ports)


def _running(demo: Demo, free_ports: FreePorts) -> Iterator[dict[str, dict[str, str]]]:
    settings = {name: own_ports(free_ports) | {"COMPOSE_PROJECT_NAME": PREFIX + name} for name in NAMES}
    try:
        starting = {
            name: demo.start(*compose(name), "up", "--build", "--detach", "--wait", env=settings[name])
            for name in NAMES
        }
        for up in starting.values():
            _, err = up.communicate(timeout=400)
            assert up.returncode == 0, err
        yield settings
    finally:
        downs = [demo.start(*compose(name), "down", "--timeout", "3", env=settings[name]) for name in NAMES]
        for down in downs:
            down.communicate(timeout=120)
    assert docker("ps", "--all", "--quiet", "--filter", f"name={PREFIX}") == ""


@pytest.mark.slow
def test_labs_run_as_containers(demo: Demo, stacks: dict[str, dict[str, str]]) -> None:
    """In containers both services of each lab are healthy, answer as documented, and run without privileges."""
    for name, expected in OKAY.items():
        url = f"http://127.0.0.1:{stacks[name]['SERVICE_B_PORT']}/call-echo?msg=hello"
        assert requests.get(url, timeout=10).text == expected + "\n"
    url = f"http://127.0.0.1:{stacks['token']['SERVICE_B_PORT']}/protected-action"
    acted = requests.post(url, json={"username": "divya", "password": "pass123"}, timeout=10)
    assert acted.json()["token"] == "token-divya"  # noqa: S105 - no secret
    _check_containers()
    _check_image()

    demo.run(*compose("echo"), "stop", "--timeout", "3", "service-a", env=stacks["echo"])
    url = f"http://127.0.0.1:{stacks['echo']['SERVICE_B_PORT']}/call-echo?msg=hello"
    answer = requests.get(url, timeout=10)
    assert (answer.status_code, answer.json()["service_a"]) == (503, "unavailable")


def _check_containers() -> None:
    """Assert that every container is healthy and published on the loopback address only."""
    lines = docker("ps", "--filter", f"name={PREFIX}", "--format", "{{json .}}").splitlines()
    containers = [json.loads(line) for line in lines]
    assert len(containers) == 2 * len(NAMES)
    for container in containers:
        assert "(healthy)" in container["Status"]
        assert container["Ports"].startswith("127.0.0.1:")


def _check_image() -> None:
    """Assert that an image holds one service and no secret, and runs as an ordinary user."""
    image = "circuit-breaker-demo/lab-token-a"
    files = docker("run", "--rm", "--entrypoint", "ls", image, "-A", "/app").split()
    assert sorted(files) == ["app.py", "body.py", "observe.py", "settings.py"]
    config = json.loads(docker("image", "inspect", image))[0]["Config"]
    assert (config["User"], config["Cmd"]) == ("10001:10001", ["python", "app.py"])
    assert "pass123" not in json.dumps(config)
