"""Replicas of v2: as processes behind Envoy, and as containers behind HAProxy."""

from collections.abc import Callable

import pytest
import requests
import yaml

from experiment.measure.checks import NAMES
from experiment.phases import Phase
from experiment.results.model import Report
from experiment.waiting import wait_until
from support.demo import ROOT, Demo
from support.docker import REPLICAS_DOWN, REPLICAS_RUN, REPLICAS_UP, docker, port_range, require_image
from support.labs import answers

PAGES = 40


@pytest.mark.slow
def test_replicas_as_processes(demo: Demo, own_ports: dict[str, str], free_ports: Callable[[int], list[int]]) -> None:
    """The report has each replica, and the accounts of all of them balance."""
    replicas = ("API_GATEWAY_V2_1_PORT", "API_GATEWAY_V2_2_PORT")
    settings = own_ports | dict(zip(replicas, map(str, free_ports(2)), strict=True)) | {"BREAKER_RESET_TIMEOUT_S": "1"}
    phases = ("--phases", "healthy=2,fault=5,recovery=5")
    status, out, err = demo.run("python3", "run_demo.py", "--replicas", "2", *phases, env=settings)
    assert status in (0, 1), out + err
    assert err == ""
    report = Report.model_validate_json((demo.results / "comparison_report.json").read_text())
    assert list(report.replicas) == ["api-gateway-v2-1", "api-gateway-v2-2"]
    assert all({"CLOSED", "OPEN"} <= {span.state for span in one.circuit} for one in report.replicas.values())
    of_v2 = [check for check in report.checks if "api-gateway-v2" in check.what]  # v1 still hangs, and cannot be asked
    assert [check.held for check in of_v2] == [True] * 3, of_v2
    assert "Each replica of v2" in out
    assert "| v2-2 |" in (demo.results / "summary.md").read_text()


@pytest.mark.slow
def test_replicas_in_containers(demo: Demo, compose: dict[str, str], free_ports: Callable[[int], list[int]]) -> None:
    """The experiment runs on replicas as on one gateway, and a replica that is killed costs no page."""
    file = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    require_image(file["services"]["balancer"]["image"])
    balancer, *ports = free_ports(4)
    settings = compose | {"BALANCER_PORT": str(balancer), "API_GATEWAY_V2_REPLICA_PORTS": port_range(ports)}
    try:
        status, _, err = demo.run(*REPLICAS_UP.split(), env=settings, within_s=400)
        assert status == 0, err
        url = f"http://127.0.0.1:{balancer}/product-details/1"
        assert wait_until(lambda: answers(url), within_s=60, every_s=0.2)
        _check_experiment(demo, settings)
        docker("kill", f"{compose['COMPOSE_PROJECT_NAME']}-api-gateway-v2-replica-2")
        found = [requests.get(url, timeout=30).status_code for _ in range(PAGES)]
        assert found == [200] * PAGES
    finally:
        demo.run(*REPLICAS_DOWN.split(), "--timeout", "3", env=settings)


def _check_experiment(demo: Demo, settings: dict[str, str]) -> None:
    """Assert that the report has each replica, and the accounts of all of them."""
    phases = ("--phases", "healthy=2,fault=5,recovery=2")
    status, out, err = demo.run(*REPLICAS_RUN.split(), *phases, env=settings)
    assert status in (0, 1), out + err
    report = Report.model_validate_json((demo.results / "comparison_report.json").read_text())
    assert [name[-9:] for name in report.replicas] == ["replica-1", "replica-2", "replica-3"]
    assert all("OPEN" in {span.state for span in one.circuit} for one in report.replicas.values())
    assert report.gateways["api-gateway-v2"].phases[Phase.FAULT].product_details.accounts.degraded > 0
    of_v2 = [check for check in report.checks if check.what.endswith("that api-gateway-v2 answered")]
    assert [check.held for check in of_v2] == [True] * len(NAMES)
