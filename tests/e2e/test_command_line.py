"""Wrong input and a hostile machine: one clear line, the right exit status, no process left."""

import os
import socket
import sys
from pathlib import Path

import pytest

from support.demo import Demo, this_program


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--users 0", "'0' is not a whole number from 1 to 1000"),
        ("report no-such-file.json", "cannot read no-such-file.json: No such file or directory"),
        ("diff README.md README.md", "README.md is not a report"),
        ("up no-such-service", "no service 'no-such-service'"),
    ],
)
def test_rejects_wrong_usage(demo: Demo, arguments: str, said: str) -> None:
    """A wrong command line ends with status 2 and one line that names what is wrong."""
    status, out, err = demo.run("python3", "run_demo.py", *arguments.split())
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_help(demo: Demo) -> None:
    """run_demo.py --help prints the commands and exits with 0."""
    status, out, _ = demo.run("python3", "run_demo.py", "--help")
    assert status == 0
    assert out.startswith("usage: run_demo.py")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("BREAKER_FAIL_MAX", "0"),
        ("API_GATEWAY_V1_PORT", "70000"),
    ],
)
def test_rejects_bad_setting(demo: Demo, own_ports: dict[str, str], setting: str, value: str) -> None:
    """An invalid setting, of a service or a port, ends the start with status 2, its name and its value."""
    status, _, err = demo.run("python3", "run_demo.py", env=own_ports | {setting: value})
    assert status == 2
    assert f"bad setting: {setting}='{value}'" in err
    assert "Traceback" not in err


def test_names_holder_of_taken_port(demo: Demo, own_ports: dict[str, str]) -> None:
    """A taken port ends the start with status 3, the port, the service that needs it, and the process that holds it."""
    with socket.create_server(("127.0.0.1", int(own_ports["API_GATEWAY_V2_PORT"]))) as holder:
        status, _, err = demo.run("python3", "run_demo.py", env=own_ports)
        port = holder.getsockname()[1]
    assert status == 3
    assert f"port {port} of api-gateway-v2 is taken by process {os.getpid()} ({this_program()})" in err
    assert err.count("\n") == 1


def test_requires_docker_client(demo: Demo, own_ports: dict[str, str]) -> None:
    """Without docker on the PATH --engine docker ends with status 3 and one line."""
    status, _, err = demo.run("python3", "run_demo.py", "--engine", "docker", env=own_ports | {"PATH": "/nowhere"})
    assert (status, err.count("\n")) == (3, 1)
    assert "docker is not installed" in err


def test_requires_docker_daemon(demo: Demo, own_ports: dict[str, str], tmp_path: Path) -> None:
    """While the daemon is down --engine docker ends with status 3 and one line."""
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    docker.chmod(0o755)
    status, _, err = demo.run(
        "python3", "run_demo.py", "--engine", "docker", env=own_ports | {"PATH": f"{tmp_path}:/bin"}
    )
    assert (status, err.count("\n")) == (3, 1)
    assert "Docker does not answer" in err


def test_requires_python_3_11(demo: Demo) -> None:
    """A Python before 3.11 ends with status 3 and one line that names the version it needs."""
    pretend = "import sys, runpy; sys.version_info = (3, 10, 0); runpy.run_path('run_demo.py')"
    status, out, err = demo.run(sys.executable, "-c", pretend)
    assert (status, out) == (3, "")
    assert err == "run_demo.py needs Python 3.11 or newer; this is 3.10\n"


def test_rejects_windows(demo: Demo) -> None:
    """On Windows, where gunicorn does not run, the command ends with status 3 and recommends WSL."""
    pretend = "import sys, runpy; sys.platform = 'win32'; runpy.run_path('run_demo.py')"
    status, out, err = demo.run(sys.executable, "-c", pretend)
    assert (status, out) == (3, "")
    assert err == "run_demo.py needs Linux or macOS; on Windows, run it in WSL\n"


def test_requires_venv_module(demo: Demo, tmp_path: Path) -> None:
    """A Python without its venv module ends with status 3 and the command that installs it."""
    (demo.folder / ".venv").unlink()
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['ensurepip'] = None\n")
    status, _, err = demo.run(sys.executable, "run_demo.py", env={"PYTHONPATH": str(tmp_path)})
    assert (status, err.count("\n")) == (3, 1)
    assert "venv module is missing" in err


def test_requires_folder_for_results(demo: Demo, own_ports: dict[str, str]) -> None:
    """When results/ cannot be created the run ends with status 3 before it starts anything."""
    demo.results.write_text("in the way")
    status, _, err = demo.run("python3", "run_demo.py", env=own_ports)
    assert (status, err.count("\n")) == (3, 1)
    assert str(demo.results) in err


@pytest.mark.slow
def test_names_full_disk(demo: Demo, own_ports: dict[str, str]) -> None:
    """A full disk ends the run with status 3 and one line."""
    demo.results.mkdir()
    half_written = demo.results / "comparison_report.new"
    half_written.symlink_to("/dev/full")
    status, _, err = demo.run("python3", "run_demo.py", "--users", "1", "--duration", "5", env=own_ports)
    assert (status, err.count("\n")) == (3, 1)
    assert "No space left on device" in err
    assert not half_written.is_symlink()


def test_shows_last_lines_of_dead_service(demo: Demo, own_ports: dict[str, str]) -> None:
    """A service that dies at its start ends the run with status 3, its name and the last lines of its log."""
    main = demo.folder / "product-service" / "product_service" / "__main__.py"
    main.write_text("raise SystemExit('the flux capacitor is empty')\n")
    status, _, err = demo.run("python3", "run_demo.py", env=own_ports)
    assert status == 3
    assert "product-service ended with status 1: the flux capacitor is empty" in err


def test_rejects_bad_catalogue(demo: Demo, own_ports: dict[str, str]) -> None:
    """An invalid catalogue ends the run with status 2 and the place of the error."""
    (demo.folder / "product-service" / "product_service" / "catalogue.json").write_text('{"products": []}')
    status, _, err = demo.run("python3", "run_demo.py", env=own_ports)
    assert status == 2
    assert "bad data in catalogue.json: products" in err
