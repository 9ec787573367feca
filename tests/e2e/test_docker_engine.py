"""`--engine docker` starts the missing containers and leaves the others running."""

import json

from support.demo import Demo
from support.live import running_live


def test_leaves_running_containers_alone(demo: Demo, compose: dict[str, str]) -> None:
    """With one service already running, `live` starts and removes the other containers and keeps their logs."""
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
