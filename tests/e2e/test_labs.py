"""`run_demo.py lab NAME`, run as its user runs it."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator

import pytest
import requests

from demo.labs.steps import load
from support.demo import Demo, copy_of_the_project, this_program
from support.labs import NAMES, FreePorts, left_running, own_ports, services_running

PollUntil = Callable[..., None]
Finished = dict[str, tuple[int, str, str]]
STOPPED = "run_demo.py: stopped, nothing is left running\n"


@pytest.fixture
def ports(free_ports: FreePorts) -> dict[str, str]:
    """Return settings that put a lab on free ports."""
    return own_ports(free_ports)


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory, free_ports: FreePorts) -> Iterator[Finished]:
    """Run the steps of all three labs at the same time; return exit status, stdout and stderr of each."""
    demo = copy_of_the_project(tmp_path_factory.mktemp("labs") / "checkout")
    started = {name: demo.start("python3", "run_demo.py", "lab", name, env=own_ports(free_ports)) for name in NAMES}
    ended = {name: process.communicate(timeout=60) for name, process in started.items()}
    yield {name: (started[name].returncode, *ended[name]) for name in NAMES}
    assert left_running(demo.folder) == []
    demo.end()


def said_by(run: subprocess.Popen[str], text: str) -> None:
    """Read the output of a run up to this text."""
    assert run.stdout is not None
    while text not in (line := run.stdout.readline()):
        assert line, "it ended by itself"


@pytest.mark.parametrize("name", NAMES)
def test_every_step_shows_what_is_expected(walks: Finished, name: str) -> None:
    """A lab prints each step with its command and both services' log lines, and finds what its steps expect."""
    status, out, err = walks[name]
    lab = load(name)
    assert (status, err) == (0, "")
    assert "NOT AS EXPECTED" not in out
    assert out.count("\n$ curl") == len(lab.steps)
    for number, step in enumerate(lab.steps, 1):
        assert f"\n{number}. {step.title}\n" in out
    assert f"All {len(lab.steps)} steps showed what was expected." in out
    assert "\n  A | " in out
    assert "\n  B | " in out
    assert 'HTTP/1.1" 200 -' not in out, "a line of the development server"


def test_names_what_is_not_as_expected(demo: Demo, ports: dict[str, str]) -> None:
    """A service that answers something else ends the lab with status 1 and the difference."""
    app = demo.folder / "labs" / "echo" / "service_b" / "app.py"
    app.write_text(app.read_text().replace('"http_status": 504}, 503', '"http_status": 500}, 502'))
    status, out, err = demo.run("python3", "run_demo.py", "lab", "echo", env=ports)
    assert (status, err) == (1, "")
    assert out.count("NOT AS EXPECTED: status 503 was expected") == 2
    assert 'NOT AS EXPECTED: this answer was expected: {"service_b":"ok","service_a":"unavailable"' in out
    assert "2 of 9 steps did not show what was expected." in out
    assert left_running(demo.folder) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SERVICE_A_PORT": "70000"}, "bad setting: SERVICE_A_PORT='70000'"),
        ({"SERVICE_A_PORT": "19999", "SERVICE_B_PORT": "19999"}, "SERVICE_A_PORT and SERVICE_B_PORT are both 19999"),
    ],
)
def test_rejects_bad_setting(demo: Demo, ports: dict[str, str], settings: dict[str, str], said: str) -> None:
    """An invalid setting ends the lab with status 2 and one line that has its name and value."""
    status, _, err = demo.run("python3", "run_demo.py", "lab", "echo", env=ports | settings)
    assert (status, err.count("\n")) == (2, 1)
    assert said in err


def test_shows_bad_setting_of_service(demo: Demo, ports: dict[str, str]) -> None:
    """A setting that a service rejects ends the lab with status 2 and the service's own line."""
    env = ports | {"SERVICE_A_PASSWORD": ""}
    status, _, err = demo.run("python3", "run_demo.py", "lab", "token", env=env)
    assert (status, err.count("\n")) == (2, 1)
    assert "service A ended with status 2: bad setting: SERVICE_A_PASSWORD is empty" in err


def test_names_holder_of_taken_port(demo: Demo, ports: dict[str, str]) -> None:
    """A taken port ends the lab with status 3, the port, the service that needs it, and the process that holds it."""
    port = ports["SERVICE_B_PORT"]
    with socket.create_server(("127.0.0.1", int(port))):
        status, _, err = demo.run("python3", "run_demo.py", "lab", "echo", env=ports)
    assert (status, err.count("\n")) == (3, 1)
    assert f"port {port} of service B is taken by process {os.getpid()} ({this_program()})" in err


def test_requires_curl(demo: Demo, ports: dict[str, str]) -> None:
    """Without curl on the PATH the lab ends with status 3 and one line before it starts anything."""
    status, out, err = demo.run("python3", "run_demo.py", "lab", "echo", env=ports | {"PATH": "/nowhere"})
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert "curl is not installed" in err


def test_shows_last_line_of_dead_service(demo: Demo, ports: dict[str, str]) -> None:
    """A service that dies at its start ends the lab with status 3, its name and its last line."""
    (demo.folder / "labs/echo/service_b/app.py").write_text("raise SystemExit('the flux capacitor is empty')\n")
    status, _, err = demo.run("python3", "run_demo.py", "lab", "echo", env=ports)
    assert (status, err.count("\n")) == (3, 1)
    assert "service B ended with status 1: the flux capacitor is empty" in err
    assert left_running(demo.folder) == []


def test_interrupt_during_start(demo: Demo, ports: dict[str, str], poll_until: PollUntil) -> None:
    """Ctrl-C during the start ends every process that was started."""
    run = demo.start("python3", "run_demo.py", "lab", "token", env=ports)
    poll_until(lambda: services_running(demo.folder))
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=20)
    assert (run.returncode, err) == (130, STOPPED)
    assert left_running(demo.folder) == []


def test_interrupt_during_step(demo: Demo, ports: dict[str, str]) -> None:
    """Ctrl-C, even pressed twice, ends both services and curl while A hangs."""
    run = demo.start("python3", "run_demo.py", "lab", "echo", env=ports)
    said_by(run, ". A hangs")
    run.send_signal(signal.SIGINT)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=20)
    assert (run.returncode, err) == (130, STOPPED)
    assert left_running(demo.folder) == []


def test_stay_keeps_services_running(demo: Demo, ports: dict[str, str]) -> None:
    """With --stay both services answer after the steps and their log lines are shown, until Ctrl-C."""
    run = demo.start("python3", "run_demo.py", "lab", "echo", "--stay", env=ports)
    said_by(run, "Ctrl-C stops them.")
    answer = requests.get(f"http://127.0.0.1:{ports['SERVICE_B_PORT']}/call-echo?msg=still%20here", timeout=10)
    assert answer.json()["service_a"] == {"echo": "still here"}
    said_by(run, "  B | ")
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=20)
    assert (run.returncode, err) == (130, STOPPED)
    assert left_running(demo.folder) == []
