"""`--engine docker` starts what is missing, and leaves what it found."""

import json

from support.demo import Demo
from support.live import running_live


def test_engine_docker_leaves_the_containers_that_it_found(demo: Demo, compose: dict[str, str]) -> None:
    """With one service running already, `live` starts the others, and removes them; their logs are kept."""
    status, _, err = demo.run("docker", "compose", "up", "--build", "--detach", "product-service", env=compose)
    assert status == 0, err
    try:
        with running_live(demo, compose, "--engine", "docker") as live:
            live.calm()
        _, running, _ = demo.run("docker", "compose", "ps", "--all", "--services", env=compose)
        assert running.split() == ["product-service"]
        lines = (demo.results / "logs" / "api-gateway-v2.log").read_text().splitlines()
        assert json.loads(lines[-1])["service"] == "api-gateway-v2"
    finally:
        demo.run("docker", "compose", "down", "--timeout", "3", env=compose)
