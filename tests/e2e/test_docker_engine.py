"""`--engine docker`: it starts what is missing, and leaves what it found."""

import json

from support.demo import Demo


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
