"""The processes of the end-to-end runs."""

import os
import socket
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from experiment.processes import ProcessGroup, Supervisor
from experiment.services import HOST
from experiment.waiting import wait_until_ready

# The rest stays out: a setting of the shop in the user's environment would be for one gateway and not for another.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")


@dataclass
class Server(ABC):
    """A process that listens on a port of its own."""

    name: str
    port: int = field(default=0, kw_only=True)  # given when it starts
    process: ProcessGroup | None = field(default=None, kw_only=True)

    @property
    @abstractmethod
    def command(self) -> Sequence[str]:
        """What to run."""

    @property
    def environment(self) -> Mapping[str, str]:
        """What it needs in its environment, beside what every process gets."""
        return {}

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


@dataclass
class BenchServer(Server):
    """A service of ours."""

    module: str
    port_variable: str
    settings: Mapping[str, str] = field(default_factory=dict)
    beside: Server | None = None  # a process that works for it alone, such as a proxy

    @property
    def command(self) -> Sequence[str]:
        """Its module, run by this Python."""
        return [sys.executable, "-m", self.module]

    @property
    def environment(self) -> Mapping[str, str]:
        """Its settings, with its port."""
        return {"LISTEN_HOST": HOST, self.port_variable: str(self.port), **self.settings}

    def cpu_s(self) -> float:
        """Return the processor time that it has used, with its workers and what stands beside it."""
        return super().cpu_s() + (self.beside.cpu_s() if self.beside else 0.0)


class Running:
    """Servers that run, each with a log file."""

    def __init__(self, processes: Supervisor, logs: Path) -> None:
        self._processes = processes
        self._logs = logs

    def log_of(self, server: Server) -> Path:
        """Return where a server logs."""
        return self._logs / f"bench-{server.name.replace(' ', '-')}.log"

    def start(self, server: Server) -> None:
        """Start a server; append to its log."""
        environment = _passed_on() | dict(server.environment)
        server.process = self._processes.start(server.name, server.command, log=self.log_of(server), env=environment)

    def wait_until_ready(self, server: Server) -> None:
        """Return when a server answers; raise as `running` does."""
        wait_until_ready(server.name, f"{server.url}/ready", self._processes.check_alive)

    def kill(self, server: Server) -> None:
        """End a server at once."""
        assert server.process is not None  # noqa: S101 - it runs
        self._processes.kill(server.process)


@contextmanager
def running(servers: Sequence[Server], logs: Path) -> Iterator[Running]:
    """Run the servers, ready when the block begins, each with a log file in the folder `logs`.

    Raises:
        EnvironmentProblem: one does not start.
        UsageError: a setting of one is wrong.
    """
    logs.mkdir(parents=True, exist_ok=True)
    with Supervisor() as processes:
        started = Running(processes, logs)
        for server in servers:
            started.log_of(server).unlink(missing_ok=True)
            started.start(server)
        for server in servers:
            started.wait_until_ready(server)
        yield started


def assign_ports(servers: Sequence[Server]) -> None:
    """Give every server a port that is free now."""
    sockets = [socket.create_server((HOST, 0)) for _ in servers]
    for server, taken in zip(servers, sockets, strict=True):
        server.port = taken.getsockname()[1]
    for taken in sockets:
        taken.close()


def _passed_on() -> dict[str, str]:
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}
