"""Wrong input and a hostile machine: one clear line, the right exit status, nothing left running."""

import os
import socket
import sys
from pathlib import Path

import pytest

from support.demo import Demo, this_program


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("bogus", "'bogus'"),
        ("--bogus", "--bogus"),
        ("--users 0", "'0' is not a whole number from 1 to 1000"),
        ("--users 1001", "'1001'"),
        ("--users -5", "'-5'"),
        ("--users 1.5", "'1.5'"),
        ("--duration 4", "from 5 to 3600"),
        ("--duration 9999999999999999999999", "from 5 to 3600"),
        ("--duration 10 --quick", "--duration and --quick contradict each other"),
        ("--users 5 --arrival-rate 5", "not allowed with"),
        ("--arrival-rate 0", "'0' is not a whole number from 1 to 1000"),
        ("--phases chaos=5", "'chaos=5': a phase, once each, is one of healthy, fault, recovery"),
        ("--phases fault=5,fault=6", "'fault=6'"),
        ("--phases fault", "'' is not a whole number from 1 to 3600"),
        ("--repeat 0", "'0'"),
        ("--seed x", "'x'"),
        ("report no-such-file.json", "cannot read no-such-file.json: No such file or directory"),
        ("diff README.md README.md", "README.md is not a report"),
        ("--engine podman", "'podman'"),
        ("compare extra", "extra"),
        ("up no-such-service", "no service 'no-such-service'"),
    ],
)
def test_wrong_usage_is_named(demo: Demo, arguments: str, said: str) -> None:
    """A wrong command line ends with status 2 and one line that names what is wrong."""
    status, out, err = demo.run("python3", "run_demo.py", *arguments.split())
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("command", ["", "compare", "report", "diff", "up", "live", "test"])
def test_help_is_there(demo: Demo, command: str) -> None:
    """Every command explains itself."""
    status, out, _ = demo.run("python3", "run_demo.py", *command.split(), "--help")
    assert status == 0
    assert out.startswith("usage: run_demo.py")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("BREAKER_FAIL_MAX", "0"),
        ("GATEWAY_THREADS", "many"),
        ("UPSTREAM_TIMEOUT_S", "-1"),
        ("SIMULATE_FAILURE", "perhaps"),
        ("API_GATEWAY_V1_PORT", "70000"),
    ],
)
def test_bad_setting_is_named(demo: Demo, own_ports: dict[str, str], setting: str, value: str) -> None:
    """A setting that is not allowed ends the start with status 2, its name and its value."""
    status, _, err = demo.run("python3", "run_demo.py", env=own_ports | {setting: value})
    assert status == 2
    assert f"bad setting: {setting}='{value}'" in err
    assert "Traceback" not in err


def test_taken_port_is_named_with_its_holder(demo: Demo, own_ports: dict[str, str]) -> None:
    """A taken port ends the start with status 3, the port, the service that wants it, and the process that has it."""
    with socket.create_server(("127.0.0.1", int(own_ports["API_GATEWAY_V2_PORT"]))) as holder:
        status, _, err = demo.run("python3", "run_demo.py", env=own_ports)
        port = holder.getsockname()[1]
    assert status == 3
    assert f"port {port} of api-gateway-v2 is taken by process {os.getpid()} ({this_program()})" in err
    assert err.count("\n") == 1


def test_docker_that_is_not_installed_is_named(demo: Demo, own_ports: dict[str, str]) -> None:
    """Without docker on the PATH, --engine docker ends with status 3 and says how to go on."""
    status, _, err = demo.run("python3", "run_demo.py", "--engine", "docker", env=own_ports | {"PATH": "/nowhere"})
    assert (status, err.count("\n")) == (3, 1)
    assert "docker is not installed" in err


def test_docker_that_does_not_answer_is_named(demo: Demo, own_ports: dict[str, str], tmp_path: Path) -> None:
    """With a daemon that is down, --engine docker ends with status 3 and says how to go on."""
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    docker.chmod(0o755)
    status, _, err = demo.run(
        "python3", "run_demo.py", "--engine", "docker", env=own_ports | {"PATH": f"{tmp_path}:/bin"}
    )
    assert (status, err.count("\n")) == (3, 1)
    assert "Docker does not answer" in err


def test_old_python_is_told_what_is_needed(demo: Demo) -> None:
    """A Python before 3.11 reads one line, and ends with status 3."""
    pretend = "import sys, runpy; sys.version_info = (3, 10, 0); runpy.run_path('run_demo.py')"
    status, out, err = demo.run(sys.executable, "-c", pretend)
    assert (status, out) == (3, "")
    assert err == "run_demo.py needs Python 3.11 or newer; this is 3.10\n"


def test_windows_is_told_what_is_needed(demo: Demo) -> None:
    """On Windows, which gunicorn does not run on, one line says where to go, and the status is 3."""
    pretend = "import sys, runpy; sys.platform = 'win32'; runpy.run_path('run_demo.py')"
    status, out, err = demo.run(sys.executable, "-c", pretend)
    assert (status, out) == (3, "")
    assert err == "run_demo.py needs Linux or macOS; on Windows, run it in WSL\n"


def test_missing_venv_module_is_named(demo: Demo, tmp_path: Path) -> None:
    """A Python without its venv module reads which command installs it, and ends with status 3."""
    (demo.folder / ".venv").unlink()
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['ensurepip'] = None\n")
    status, _, err = demo.run("python3", "run_demo.py", env={"PYTHONPATH": str(tmp_path)})
    assert (status, err.count("\n")) == (3, 1)
    assert "venv module is missing" in err


def test_results_that_cannot_be_written_are_named(demo: Demo, own_ports: dict[str, str]) -> None:
    """Where results/ can't be made, the run ends with status 3 before it starts anything."""
    demo.results.write_text("in the way")
    status, _, err = demo.run("python3", "run_demo.py", env=own_ports)
    assert (status, err.count("\n")) == (3, 1)
    assert str(demo.results) in err


def test_full_disk_is_named(demo: Demo, own_ports: dict[str, str]) -> None:
    """Where results/ has no room, the run ends with status 3 and one line."""
    demo.results.mkdir()
    (demo.results / "comparison_report.json").symlink_to("/dev/full")
    status, _, err = demo.run("python3", "run_demo.py", "--users", "1", "--duration", "5", env=own_ports)
    assert (status, err.count("\n")) == (3, 1)
    assert "No space left on device" in err


def test_service_that_dies_at_start_shows_its_last_words(demo: Demo, own_ports: dict[str, str]) -> None:
    """A service that cannot start ends the run with status 3, its name and the last lines of its log."""
    main = demo.folder / "product-service" / "product_service" / "__main__.py"
    main.write_text("raise SystemExit('the flux capacitor is empty')\n")
    status, _, err = demo.run("python3", "run_demo.py", env=own_ports)
    assert status == 3
    assert "product-service ended with status 1: the flux capacitor is empty" in err


def test_bad_catalogue_is_named(demo: Demo, own_ports: dict[str, str]) -> None:
    """A catalogue that makes no sense ends the run with status 2 and says where."""
    (demo.folder / "shopkit" / "catalogue.json").write_text('{"products": []}')
    status, _, err = demo.run("python3", "run_demo.py", env=own_ports)
    assert status == 2
    assert "bad catalogue catalogue.json, products" in err
