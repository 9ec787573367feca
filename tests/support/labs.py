"""What tests of the labs share."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import requests

from demo.labs.services import LabService, running
from demo.labs.steps import LABS

NAMES = ("echo", "echo-validated", "token")
FreePorts = Callable[[int], list[int]]
PollUntil = Callable[..., None]


@contextmanager
def lab_running(name: str, ports: Sequence[int], logs: Path) -> Iterator[tuple[LabService, LabService]]:
    """Run both services of a lab, on these ports."""
    port_a, port_b = ports
    with running(LABS / name, port_a, port_b, logs) as services:
        yield services


def own_ports(free_ports: FreePorts) -> dict[str, str]:
    """Return settings that put a lab on free ports."""
    port_a, port_b = free_ports(2)
    return {
        "SERVICE_A_PORT": str(port_a),
        "SERVICE_B_PORT": str(port_b),
        "SERVICE_A_URL": f"http://127.0.0.1:{port_a}",
    }


def compose(name: str) -> tuple[str, ...]:
    """Return the start of the commands for a lab's containers, as its document has it."""
    return ("docker", "compose", "-f", f"labs/{name}/docker-compose.yml")


def services_running(project: Path) -> list[str]:
    """Return the command lines of the lab services that run in this copy of the project."""
    return _running_in(project / "labs")


def left_running(project: Path) -> list[str]:
    """Return the command lines of everything that runs in this copy of the project, curl too."""
    return _running_in(project)


def _running_in(folder: Path) -> list[str]:
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(folder):
                found.append(" ".join(process.cmdline()))
        except psutil.Error:  # ended meanwhile, or not ours
            continue
    return found


def answers(url: str) -> bool:
    """Tell whether this address answers."""
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False
