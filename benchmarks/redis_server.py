"""A Redis of our own, which may hang, be wiped and be killed. Its program is the system's."""

import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiment.errors import EnvironmentProblem
from experiment.processes import ProcessGroup, Supervisor
from experiment.services import HOST
from experiment.waiting import wait_until

ANSWERS_WITHIN_S = 2.0
STARTS_WITHIN_S = 10.0
NOTHING_STORED = ("--save", "", "--appendonly", "no")


class RedisServer:
    """A server on one port, which it keeps when it is started again."""

    def __init__(self, processes: Supervisor, port: int, log: Path) -> None:
        self.port = port
        self._processes = processes
        self._log = log
        self._group: ProcessGroup | None = None

    @property
    def url(self) -> str:
        """What CIRCUIT_SHARE_URL is to be."""
        return f"redis://{HOST}:{self.port}"

    def start(self) -> None:
        """Start it, and return when it answers.

        Raises:
            EnvironmentProblem: it is not installed, or does not start.
        """
        program = shutil.which("redis-server")
        if not program:
            raise EnvironmentProblem("redis-server is not installed: apt install redis-server, or brew install redis")
        command = [program, "--bind", HOST, "--port", str(self.port), *NOTHING_STORED]
        self._group = self._processes.start("redis-server", command, log=self._log)
        if not wait_until(lambda: self.ask("PING") == "+PONG", within_s=STARTS_WITHIN_S):
            raise EnvironmentProblem(f"redis-server does not answer; see {self._log}")

    def ask(self, command: str) -> str:
        """Send a command; return the first line of the answer, empty if there is none."""
        try:
            with socket.create_connection((HOST, self.port), timeout=ANSWERS_WITHIN_S) as connection:
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(1000).decode().partition("\r\n")[0]
        except OSError:
            return ""

    def suspend(self) -> None:
        """Let it hang: it accepts connections, and answers nothing."""
        assert self._group is not None  # noqa: S101 - it runs
        self._group.send(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self._group is not None  # noqa: S101 - it runs
        self._group.send(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once."""
        assert self._group is not None  # noqa: S101 - it runs
        self._processes.kill(self._group)


@contextmanager
def redis_running(log: Path) -> Iterator[RedisServer]:
    """Run a server on a free port, and end it with the block.

    Raises:
        EnvironmentProblem: as `RedisServer.start`.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with socket.create_server((HOST, 0)) as taken:
        port: int = taken.getsockname()[1]
    with Supervisor() as processes:
        server = RedisServer(processes, port, log)
        server.start()
        yield server
