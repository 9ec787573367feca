"""Prometheus, where tests need it: Debian's package `prometheus` has it and promtool."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import yaml

from experiment.services import Service
from support.demo import ROOT
from support.missing import missing

FOLDER = ROOT / "observability"
ANSWERS_WITHIN_S = 10


def program(name: str) -> str:
    """Return the path of `prometheus` or `promtool`."""
    return shutil.which(name) or missing(f"{name}: apt install prometheus")


def dashboard_queries() -> dict[str, str]:
    """Return the queries of the committed dashboard, by their panel and letter."""
    dashboard = json.loads((FOLDER / "grafana" / "dashboards" / "run.json").read_text(encoding="utf-8"))
    return {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in dashboard["panels"]
        for target in panel["targets"]
    }


class Prometheus:
    """A Prometheus that runs."""

    def __init__(self, url: str) -> None:
        self._url = url

    def is_ready(self) -> bool:
        """Return whether it answers."""
        try:
            return requests.get(f"{self._url}/-/ready", timeout=ANSWERS_WITHIN_S).ok
        except requests.RequestException:
            return False

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Return what a query gives now, without what is not a number, as 0 / 0."""
        found = self._get("query", query=expression)["result"]
        return [series for series in found if series["value"][1] != "NaN"]

    def up(self) -> set[str]:
        """Return the services whose metrics it gets."""
        return {series["metric"]["service"] for series in self.query("up == 1")}

    def firing(self) -> set[str]:
        """Return the alerts that fire."""
        return {alert["labels"]["alertname"] for alert in self._get("alerts")["alerts"] if alert["state"] == "firing"}

    def rules(self) -> set[str]:
        """Return the names of the alerts that it knows."""
        return {rule["name"] for group in self._get("rules")["groups"] for rule in group["rules"]}

    def _get(self, what: str, **parameters: Any) -> dict[str, Any]:
        answer = requests.get(f"{self._url}/api/v1/{what}", params=parameters, timeout=ANSWERS_WITHIN_S)
        answer.raise_for_status()
        data: dict[str, Any] = answer.json()["data"]
        return data


@contextmanager
def prometheus_watching(urls: Mapping[Service, str], port: int, folder: Path) -> Iterator[Prometheus]:
    """Run Debian's Prometheus with our configuration, with these addresses in place of the containers'."""
    found = program("prometheus")
    addresses = {service.name: url.removeprefix("http://") for service, url in urls.items()}
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    for target in config["scrape_configs"][0]["static_configs"]:
        target["targets"] = [addresses[target["labels"]["service"]]]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    shutil.copy(FOLDER / "alerts.yml", folder)
    address = f"127.0.0.1:{port}"
    options = [f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}"]
    with (folder / "prometheus.log").open("w") as log:
        command = [found, *options, f"--web.listen-address={address}"]
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - ours
        try:
            yield Prometheus(f"http://{address}")
        finally:
            process.terminate()
            process.wait(timeout=20)
