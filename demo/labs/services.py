"""The two services of a lab as processes, started as a student starts them: `python app.py` in the service's folder."""

import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from demo.engines.taken_ports import check_free
from demo.labs.log import Log
from demo.labs.steps import State
from demo.overruled import check_none_overruled
from experiment.errors import EnvironmentProblem, UsageError
from experiment.processes import ProcessGroup, Supervisor, user_environment
from experiment.services import HOST, Service, port_in
from experiment.signals import held_back
from experiment.waiting import wait_until

A = Service("service A", "SERVICE_A_PORT", 8080)
B = Service("service B", "SERVICE_B_PORT", 8081)
READY_WITHIN_S = 15.0
STOPS_WITHIN_S = 3.0


def ports(environment: Mapping[str, str] = os.environ) -> tuple[int, int]:
    """Return the ports of A and B.

    Raises:
        UsageError: one is no port, or they are the same.
    """
    port_a, port_b = port_in(environment, A), port_in(environment, B)
    if port_a == port_b:
        raise UsageError(f"{A.port_variable} and {B.port_variable} are both {port_a}")
    return port_a, port_b


class LabService:
    """One service: its process, and the log that the process writes."""

    def __init__(self, service: Service, folder: Path, port: int, settings: Mapping[str, str], logs: Path) -> None:
        self.name = service.name
        self._port = port
        self.url = f"http://{HOST}:{port}"
        self.folder = folder
        self.log = Log(logs / f"{folder.name}.log")
        self._environment = user_environment() | dict(settings) | {service.port_variable: str(port)}
        self._processes = Supervisor(stops_within_s=STOPS_WITHIN_S)
        self._process: ProcessGroup | None = None  # while it is not STOPPED
        self.state = State.STOPPED

    def bring(self, state: State) -> None:
        """Start, hang, resume or stop the process, unless it is so already."""
        if state is self.state:
            return
        self.state = state
        if state is State.STOPPED:
            self._processes.stop()
            self._process = None
            return
        self._process = self._process or self._start()
        self._process.send(signal.SIGSTOP if state is State.HANGING else signal.SIGCONT)
        if state is State.HANGING:
            os.waitpid(self._process.pid, os.WUNTRACED)  # until it has stopped indeed

    def check_alive(self) -> None:
        """Raise with the end of its log when the process should be there and is not."""
        self._processes.check_alive()

    def _start(self) -> ProcessGroup:
        command = [sys.executable, "app.py"]
        process = self._processes.start(self.name, command, log=self.log.path, cwd=self.folder, env=self._environment)
        if not wait_until(self._listens, within_s=READY_WITHIN_S):
            raise EnvironmentProblem(f"{self.name} does not listen on {self.url} after {READY_WITHIN_S:.0f} s")
        return process

    def _listens(self) -> bool:
        """Tell by a connection, not by a request: that would stand in the log, and count."""
        self.check_alive()
        with suppress(OSError), socket.create_connection((HOST, self._port), timeout=1):
            return True
        return False


@contextmanager
def running(lab: Path, port_a: int, port_b: int, logs: Path) -> Iterator[tuple[LabService, LabService]]:
    """Run both services of a lab; nothing of them is left afterwards.

    Raises:
        EnvironmentProblem: a port is taken, or a service dies.
        UsageError: a setting is wrong.
    """
    settings = {"SERVICE_A_URL": f"http://{HOST}:{port_a}", "LISTEN_HOST": HOST}
    check_none_overruled(settings, os.environ)
    check_free({A: port_a, B: port_b})
    service_a = LabService(A, lab / "service_a", port_a, settings, logs)
    service_b = LabService(B, lab / "service_b", port_b, settings, logs)
    try:
        service_a.bring(State.UP)
        service_b.bring(State.UP)
        yield service_a, service_b
    finally:
        with held_back():
            service_a.bring(State.STOPPED)
            service_b.bring(State.STOPPED)
