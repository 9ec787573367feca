"""The two services of a lab as processes, started as a student starts them: `python app.py` in the service's folder."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from demo.engines.taken_ports import check_free
from demo.labs.log import Log
from demo.labs.steps import State
from experiment.errors import DemoError, EnvironmentProblem, UsageError
from experiment.services import HOST, Service, port_in
from experiment.signals import held_back

A = Service("service A", "SERVICE_A_PORT")
B = Service("service B", "SERVICE_B_PORT")
READY_WITHIN_S = 15.0
STOPS_WITHIN_S = 3.0
BAD_SETTING = 2  # the exit status of a service whose settings are wrong


def ports(environment: Mapping[str, str] = os.environ) -> tuple[int, int]:
    """Return the ports of A and B.

    Raises:
        UsageError: one is no port, or they are the same.
    """
    port_a = port_in(environment, A.port_variable, "8080")
    port_b = port_in(environment, B.port_variable, "8081")
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
        own = {service.port_variable: str(port), "LISTEN_HOST": HOST, "PYTHONUNBUFFERED": "1"}
        self._environment = os.environ | settings | own
        self._popen: subprocess.Popen[bytes] | None = None
        self.state = State.STOPPED

    def bring(self, state: State) -> None:
        """Start, hang, resume or stop the process, unless it is so already."""
        before, self.state = self.state, state
        if before is state:
            return
        if before is State.STOPPED:
            self._start()
        if state is State.HANGING:
            self._hang()
        elif state is State.UP:
            self._signal(signal.SIGCONT)
        else:
            self._stop()

    def check_alive(self) -> None:
        """Raise with the end of its log when the process should be there and is not."""
        status = self._popen.poll() if self._popen and self.state is not State.STOPPED else None
        if status is not None:
            raise self._died(status)

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        self.state = State.STOPPED
        if self._popen and self._popen.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, signal.SIGKILL)
            self._popen.wait()

    def _start(self) -> None:
        with held_back(), self.log.path.open("ab") as output:
            self._popen = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # the terminal's Ctrl-C is for run_demo.py, which then ends both
            )
        self._wait_until_it_listens()

    def _wait_until_it_listens(self) -> None:
        gives_up_at = time.monotonic() + READY_WITHIN_S
        while not self._listens():
            self.check_alive()
            if time.monotonic() > gives_up_at:
                raise EnvironmentProblem(f"{self.name} does not listen on {self.url} after {READY_WITHIN_S:.0f} s")
            time.sleep(0.02)

    def _listens(self) -> bool:
        """Tell by a connection, not by a request: that would stand in the log, and count."""
        with suppress(OSError), socket.create_connection((HOST, self._port), timeout=1):
            return True
        return False

    def _hang(self) -> None:
        self._signal(signal.SIGSTOP)
        if self._popen:
            os.waitpid(self._popen.pid, os.WUNTRACED)  # until it has stopped indeed

    def _stop(self) -> None:
        self._signal(signal.SIGTERM)
        self._signal(signal.SIGCONT)  # a process that hangs would not hear of it
        if self._popen:
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(STOPS_WITHIN_S)
        self.kill()

    def _signal(self, number: signal.Signals) -> None:
        if self._popen and self._popen.poll() is None:
            with suppress(ProcessLookupError):
                self._popen.send_signal(number)

    def _died(self, status: int) -> DemoError:
        last = self.log.path.read_text(errors="replace").strip().splitlines()[-1:] or ["no message"]
        kind = UsageError if status == BAD_SETTING else EnvironmentProblem
        return kind(f"{self.name} ended with status {status}: {last[0]}")


@contextmanager
def running(lab: Path, port_a: int, port_b: int, logs: Path) -> Iterator[tuple[LabService, LabService]]:
    """Run both services of a lab; nothing of them is left afterwards.

    Raises:
        EnvironmentProblem: a port is taken, or a service dies.
        UsageError: a setting is wrong.
    """
    check_free([(A, port_a), (B, port_b)])
    settings = {"SERVICE_A_URL": f"http://{HOST}:{port_a}", "NO_PROXY": HOST, "no_proxy": HOST}
    service_a = LabService(A, lab / "service_a", port_a, settings, logs)
    service_b = LabService(B, lab / "service_b", port_b, settings, logs)
    try:
        service_a.bring(State.UP)
        service_b.bring(State.UP)
        yield service_a, service_b
    finally:
        with held_back():
            service_a.kill()
            service_b.kill()
