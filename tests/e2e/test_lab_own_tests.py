"""The tests that labs/echo-validated has of its own: pytest tests and test_scenarios.sh."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.labs.services import LabService
from demo.labs.steps import LABS, State
from support.labs import FreePorts, lab_running

LAB = LABS / "echo-validated"
Services = tuple[LabService, LabService]
Script = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def services(free_ports: FreePorts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Run both services; a test may stop either."""
    with lab_running("echo-validated", free_ports(2), tmp_path_factory.mktemp("logs")) as both:
        yield both


def scenarios(url_a: str, url_b: str, **settings: str) -> Script:
    """Run the script against these addresses."""
    ports = {"SERVICE_A_PORT": url_a.rsplit(":", 1)[1], "SERVICE_B_PORT": url_b.rsplit(":", 1)[1]}
    return subprocess.run(
        ["./test_scenarios.sh"],
        cwd=LAB,
        env={name: value for name, value in os.environ.items() if name != "SERVICE_A_URL"} | ports | settings,
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )


def summary(script: Script) -> dict[str, int]:
    """Return the counts at the end of its output."""
    return {
        name: int(count) for name, count in re.findall(r"^(Passed|Failed|Skipped): (\d+)$", script.stdout, re.MULTILINE)
    }


def test_pytest_passes_in_lab_folder() -> None:
    """`pytest tests/` passes in the lab's folder, as its document says."""
    command = [sys.executable, "-m", "pytest", "tests/", "-q", "-p", "no:cacheprovider"]
    ended = subprocess.run(command, cwd=LAB, capture_output=True, text=True, timeout=40, check=False)  # noqa: S603 - our own
    assert ended.returncode == 0, ended.stdout
    assert " passed" in ended.stdout


def test_script_passes_with_both_services(services: Services) -> None:
    """With both services up all eight suites pass, and only the tests of a stopped service are skipped."""
    service_a, service_b = services
    service_a.bring(State.UP)
    script = scenarios(service_a.url, service_b.url)
    assert (script.returncode, script.stderr) == (0, ""), script.stdout
    assert re.findall(r"=== Test Suite (\d)", script.stdout) == list("12345678")
    assert summary(script) == {"Passed": 17, "Failed": 0, "Skipped": 2}
    assert "Timeout error: " in script.stdout
    assert "\x1b" not in script.stdout, "no colours where there is no terminal"
    readme = (LAB / "README.md").read_text(encoding="utf-8")
    shown = [line for line in readme.splitlines() if line.startswith(("===", "✓"))]
    assert len(shown) > 1
    assert {_without_times(line) for line in shown} <= {_without_times(line) for line in script.stdout.splitlines()}


def _without_times(line: str) -> str:
    return re.sub(r"\d+\.\d+", "...", line)


def test_script_passes_without_service_a(services: Services) -> None:
    """Without A the suite for A's absence runs, and the tests that need A are skipped."""
    service_a, service_b = services
    service_a.bring(State.STOPPED)
    script = scenarios(service_a.url, service_b.url)
    assert script.returncode == 0, script.stdout
    assert summary(script) == {"Passed": 6, "Failed": 0, "Skipped": 6}
    assert "✓ PASSED: Service B answers 503 when Service A is down" in script.stdout


def test_script_passes_without_services(free_ports: FreePorts) -> None:
    """Without both services only the suite for B's absence runs."""
    url_a, url_b = (f"http://127.0.0.1:{port}" for port in free_ports(2))
    script = scenarios(url_a, url_b)
    assert script.returncode == 0, script.stdout
    assert summary(script) == {"Passed": 1, "Failed": 0, "Skipped": 9}


def test_script_reports_failures(services: Services) -> None:
    """A wrong service in place of B ends the script with status 1 and shows what was expected."""
    service_a, _ = services
    service_a.bring(State.UP)
    script = scenarios(service_a.url, service_a.url)
    assert script.returncode == 1
    assert summary(script)["Failed"] > 3
    assert "✗ FAILED: Service B calls Service A\n  Expected: 200 with" in script.stdout


def test_script_requires_curl(tmp_path: Path) -> None:
    """Without curl the script ends with status 1 and one line."""
    (tmp_path / "bash").symlink_to("/bin/bash")
    script = scenarios("http://127.0.0.1:1", "http://127.0.0.1:2", PATH=str(tmp_path))
    assert (script.returncode, script.stderr) == (1, "curl is not installed\n")
