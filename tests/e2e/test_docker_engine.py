"""`--engine docker` starts the missing containers and leaves the others running."""

import json

from support import networks
from support.demo import Demo
from support.live import running_live


def test_leaves_running_containers_alone(demo: Demo, compose: dict[str, str]) -> None:
    """With one service already running, `live` starts and removes the other containers and keeps their logs."""
    with networks.changing():
        up = ("docker", "compose", "up", "--build", "--detach", "product-service")
        status, _, err = demo.run(*up, env=compose | {"PRODUCT_SERVICE_THREADS": "32"}, within_s=400)
        assert status == 0, err
        ps = ("docker", "compose", "ps", "--all", "--quiet")
        _, before, _ = demo.run(*ps, env=compose)
        try:
            with running_live(demo, compose, "--engine", "docker") as live:
                live.calm()
            _, after, _ = demo.run(*ps, env=compose)
            assert after == before
            lines = (demo.results / "logs" / "api-gateway-v2.log").read_text().splitlines()
            assert json.loads(lines[-1])["service"] == "api-gateway-v2"
        finally:
            demo.run("docker", "compose", "down", "--timeout", "3", env=compose)
