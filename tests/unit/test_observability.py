"""What Prometheus and Grafana are told."""

import json
import subprocess

import pytest
import yaml

from observability import dashboard
from support.prometheus import FOLDER, program


@pytest.mark.parametrize("check", [("check", "config", "prometheus.yml"), ("test", "rules", "alerts.test.yml")])
def test_promtool_finds_no_fault(check: tuple[str, ...]) -> None:
    """Promtool accepts the configuration with its rules, and every alert fires and resolves when it should."""
    done = subprocess.run([program("promtool"), *check], cwd=FOLDER, capture_output=True, text=True, check=False)  # noqa: S603 - our own files

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_tested_and_documented() -> None:
    """Each alert has a test in which it fires, and a row in docs/operations.md."""
    (group,) = _yaml("alerts.yml")["groups"]
    alerts = {rule["alert"] for rule in group["rules"]}
    cases = [case for test in _yaml("alerts.test.yml")["tests"] for case in test["alert_rule_test"]]
    document = (FOLDER.parent / "docs" / "operations.md").read_text(encoding="utf-8")

    assert {case["alertname"] for case in cases if case["exp_alerts"]} == alerts
    assert {alert for alert in alerts if f"| {alert} |" in document} == alerts


def test_committed_dashboard_is_the_generated_one() -> None:
    """The JSON that Grafana reads is what its generator writes."""
    assert dashboard.FILE.read_text(encoding="utf-8") == dashboard.text(), "run: python -m observability.dashboard"


def test_every_panel_asks_the_provisioned_prometheus() -> None:
    """Each panel has queries, each with a letter of its own, for the data source that Grafana is given."""
    (source,) = _yaml("grafana/provisioning/datasources/prometheus.yml")["datasources"]
    panels = json.loads(dashboard.text())["panels"]

    assert all(panel["datasource"] == {"type": source["type"], "uid": source["uid"]} for panel in panels)
    letters = [[target["refId"] for target in panel["targets"]] for panel in panels]
    assert all(own and len(own) == len(set(own)) for own in letters)


def _yaml(file: str) -> dict[str, list[dict[str, list[dict[str, str]]]]]:
    loaded: dict[str, list[dict[str, list[dict[str, str]]]]] = yaml.safe_load((FOLDER / file).read_text("utf-8"))
    return loaded
