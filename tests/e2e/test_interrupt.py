"""Ctrl-C and other signals at every moment of a command."""

import os
import signal
from collections.abc import Callable

import pytest
import requests

from experiment.results.model import Report
from support.demo import Demo
from support.labs import left_running

PollUntil = Callable[..., None]
A_TEST_THAT_WAITS = """
import pathlib, subprocess, time, pytest

@pytest.fixture
def process():
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        yield
        process.terminate()

@pytest.mark.parametrize("number", range(2))
def test_that_waits(process, number):
    pathlib.Path(f"{number}.begun").touch()
    time.sleep(60)
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_interrupt_during_start(
    demo: Demo, own_ports: dict[str, str], poll_until: PollUntil, number: signal.Signals, status: int
) -> None:
    """A signal during the start ends every process that was started."""
    run = demo.start("python3", "run_demo.py", env=own_ports)
    poll_until(demo.processes)
    run.send_signal(number)
    _, err = run.communicate(timeout=20)
    assert run.returncode == status
    assert err == "run_demo.py: stopped, nothing is left running\n"


def test_interrupt_under_load_keeps_what_was_measured(
    demo: Demo, own_ports: dict[str, str], poll_until: PollUntil
) -> None:
    """Ctrl-C under load, even pressed twice, ends every process and leaves a report that is marked incomplete."""
    log = demo.results / "logs" / "requests_v2.log"
    run = demo.start("python3", "run_demo.py", "--users", "50", env=own_ports)
    poll_until(lambda: log.exists() and log.stat().st_size > 5_000, within_s=30)
    os.kill(run.pid, signal.SIGINT)
    os.kill(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=20)
    assert run.returncode == 130
    assert err == "run_demo.py: stopped, nothing is left running\n"
    assert f"Stopped early. Partial results: {demo.results}" in out
    report = Report.model_validate_json((demo.results / "comparison_report.json").read_text())
    assert (report.complete, report.claims) == (False, [])
    assert report.gateways["api-gateway-v2"].whole_run.all_routes.accounts.scheduled > 0
    assert "INTERRUPTED" in (demo.results / "summary.md").read_text()
    assert (demo.results / "comparison_report.html").exists()


def test_interrupt_ends_up(demo: Demo, own_ports: dict[str, str]) -> None:
    """`up` runs until Ctrl-C and then stops its services."""
    run = demo.start("python3", "run_demo.py", "up", "product-service", env=own_ports)
    assert run.stdout is not None
    while "Ctrl-C stops them" not in (line := run.stdout.readline()):
        assert line, "it ended by itself"
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=20)
    assert run.returncode == 130


def test_interrupt_ends_live(demo: Demo, own_ports: dict[str, str]) -> None:
    """`live` runs until Ctrl-C and then stops at once, although a browser still listens to its events."""
    run = demo.start("python3", "run_demo.py", "live", "--no-browser", env=own_ports)
    assert run.stdout is not None
    while "Ctrl-C stops everything" not in (line := run.stdout.readline()):
        assert line, "it ended by itself"
    with requests.get(f"http://127.0.0.1:{own_ports['CONTROL_ROOM_PORT']}/events", stream=True, timeout=10) as events:
        assert next(events.iter_lines())
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=20)
    assert run.returncode == 130


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status", "workers"), [(signal.SIGINT, 130, 0), (signal.SIGTERM, 143, 2)])
def test_interrupt_of_tests(
    demo: Demo, poll_until: PollUntil, number: signal.Signals, status: int, workers: int
) -> None:
    """Interrupted tests, in one process or in several, end the processes that they started."""
    (demo.folder / "test_waiting.py").write_text(A_TEST_THAT_WAITS)
    run = demo.start("python3", "run_demo.py", "test", "test_waiting.py", "--numprocesses", str(workers))
    poll_until(lambda: len(list(demo.folder.glob("*.begun"))) == max(1, workers), within_s=30)
    assert left_running(demo.folder).count("sleep 60") == max(1, workers)
    run.send_signal(number)
    _, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (status, "run_demo.py: stopped, nothing is left running\n")
    assert left_running(demo.folder) == []
