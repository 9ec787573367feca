"""The processes of the end-to-end runs. Each is ended by its own id, whatever happens."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import requests

from experiment.errors import EnvironmentProblem
from experiment.paths import ROOT
from experiment.signals import held_back

HOST = "127.0.0.1"
READY_WITHIN_S = 30.0
STOP_WITHIN_S = 5.0
POLL_S = 0.05
# The rest stays out: a setting of the shop in the user's environment would be for one gateway and not for another.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")


@dataclass
class Server:
    """A service on a port of its own."""

    name: str
    module: str
    port_variable: str
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0  # given when it starts
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self.port}"

    def cpu_s(self) -> float:
        """Return the processor time that it has used, with its workers."""
        assert self.process is not None  # noqa: S101 - a server is asked while it runs
        master = psutil.Process(self.process.pid)
        times = [process.cpu_times() for process in (master, *master.children(recursive=True))]
        return sum(used.user + used.system for used in times)


@contextmanager
def running(servers: Sequence[Server], logs: Path) -> Iterator[None]:
    """Run the servers, ready when the block begins, each with a log file in the folder `logs`.

    Raises:
        EnvironmentProblem: one does not start.
    """
    logs.mkdir(parents=True, exist_ok=True)
    try:
        for server in servers:
            with held_back():
                _start(server, logs)
        for server in servers:
            _wait_until_ready(server)
        yield
    finally:
        with held_back():
            _stop(servers)


def assign_ports(servers: Sequence[Server]) -> None:
    """Give every server a port that is free now."""
    sockets = [socket.create_server((HOST, 0)) for _ in servers]
    for server, taken in zip(servers, sockets, strict=True):
        server.port = taken.getsockname()[1]
    for taken in sockets:
        taken.close()


def _start(server: Server, logs: Path) -> None:
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment |= {
        "LISTEN_HOST": HOST,
        server.port_variable: str(server.port),
        **server.settings,
    }
    with (logs / f"bench-{server.name.replace(' ', '-')}.log").open("wb") as output:
        server.process = subprocess.Popen(  # noqa: S603 - our own services
            [sys.executable, "-m", server.module],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the benchmark, which then stops them
        )


def _wait_until_ready(server: Server) -> None:
    gives_up_at = time.monotonic() + READY_WITHIN_S
    while not _is_ready(server):
        if server.process is None or server.process.poll() is not None or time.monotonic() > gives_up_at:
            raise EnvironmentProblem(f"{server.name} did not start; see its log in results/logs")
        time.sleep(POLL_S)


def _is_ready(server: Server) -> bool:
    with suppress(requests.RequestException):
        return requests.get(f"{server.url}/ready", timeout=5).ok
    return False


def _stop(servers: Sequence[Server]) -> None:
    started = [server.process for server in servers if server.process]
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    ends_at = time.monotonic() + STOP_WITHIN_S
    for process in started:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, ends_at - time.monotonic()))
        with suppress(ProcessLookupError, PermissionError):  # its own group: it and its workers
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
