"""`--engine docker` starts the missing containers and leaves the others running."""

import json

import pytest
import requests

from experiment.waiting import wait_until
from support.demo import Demo
from support.labs import answers
from support.live import running_live


@pytest.mark.slow
def test_leaves_running_containers_alone(demo: Demo, compose: dict[str, str]) -> None:
    """With one service already running, `live` starts and removes the other containers and keeps their logs.

    Traces are asked for, so that the images have the packages for them; where they go, nobody listens.
    """
    compose = {**compose, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}
    up = ("docker", "compose", "up", "--build", "--detach", "product-service")
    status, _, err = demo.run(*up, env=compose | {"PRODUCT_SERVICE_THREADS": "32"}, within_s=400)
    assert status == 0, err
    assert _trace_of_a_request(demo, compose).startswith("by-hand, ")
    ps = ("docker", "compose", "ps", "--all", "--quiet")
    _, before, _ = demo.run(*ps, env=compose)
    try:
        with running_live(demo, compose, "--engine", "docker") as live:
            live.calm()
        _, after, _ = demo.run(*ps, env=compose)
        assert after == before
        lines = (demo.results / "logs" / "api-gateway-v2.log").read_text().splitlines()
        assert json.loads(lines[-1])["service"] == "api-gateway-v2"
        assert any("trace_id" in json.loads(line) for line in lines)
    finally:
        demo.run("docker", "compose", "down", "--timeout", "3", env=compose)


def _trace_of_a_request(demo: Demo, environment: dict[str, str]) -> str:
    """Ask the product service for a product; return what `trace` finds of it in the container's log."""
    url = f"http://127.0.0.1:{environment['PRODUCT_SERVICE_PORT']}/products/1"
    wait_until(lambda: answers(url), within_s=30, every_s=0.2)
    requests.get(url, headers={"X-Request-ID": "by-hand"}, timeout=10).raise_for_status()
    status, out, err = demo.run("python3", "run_demo.py", "trace", "by-hand", "--engine", "docker", env=environment)
    assert status == 0, err
    assert "product-service  GET /products/1  200" in out
    return out
