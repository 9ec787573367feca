"""`run_demo.py live`, and a control room of its own, for tests."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil
import requests

from support.demo import Demo

GATEWAYS = {"v1": "API_GATEWAY_V1", "v2": "API_GATEWAY_V2"}  # as the page names them, and as their settings begin
OPERATOR = "let-me-in"
# short waits; and on a busy machine a healthy shop neither fills the bulkhead, nor trips the circuit, nor fails
SHORT = {
    "BREAKER_RESET_TIMEOUT_S": "3",
    "BREAKER_SLOW_CALL_S": "1",
    "BULKHEAD_MAX_CONCURRENT": "48",
    "PRODUCT_DEADLINE_S": "20",
    "PRODUCT_SLOW_CALL_S": "10",
    "UPSTREAM_TIMEOUT_S": "5",
    "OPERATOR_TOKEN": OPERATOR,
}


@dataclass(frozen=True)
class Live:
    """Everything that `live` starts, on ports of its own."""

    ports: dict[str, str]

    @property
    def room(self) -> str:
        """The address of the page."""
        return self.url("CONTROL_ROOM")

    def url(self, service: str) -> str:
        """Return an address, by the prefix of the setting of its port."""
        return f"http://127.0.0.1:{self.ports[f'{service}_PORT']}"

    def fault(self) -> Any:  # noqa: ANN401 - JSON
        """Return what is wrong with recommendations."""
        return requests.get(f"{self.url('RECOMMENDATIONS_SERVICE')}/faults", timeout=5).json()["fault"]

    def circuit(self) -> Any:  # noqa: ANN401 - JSON
        """Return v2's /circuit-status."""
        return requests.get(f"{self.url('API_GATEWAY_V2')}/circuit-status", timeout=5).json()

    def users(self, load: str) -> int:
        """Return how many users a Locust runs."""
        stats = requests.get(f"{self.url(load)}/stats/requests", timeout=5).json()
        return stats["user_count"] if stats["state"] in ("spawning", "running") else 0

    def press(self, lever: str, body: object) -> requests.Response:
        """Pull a lever as the page does."""
        return requests.post(f"{self.room}/api/{lever}", json=body, headers={"Origin": self.room}, timeout=10)

    def calm(self) -> None:
        """Heal everything and send everybody home."""
        for lever, body in (
            ("heal", {}),
            ("load", {"gateway": "both", "users": 0}),
            ("circuit", {"mode": "automatic"}),
        ):
            assert self.press(lever, body).ok

    def processes(self, service: str) -> list[psutil.Process]:
        """Return the processes of a service, by the prefix of the setting of its port.

        Each is asked for its sockets: `psutil.net_connections()` names only one of those that share a socket.
        """
        port = int(self.ports[f"{service}_PORT"])
        return [process for process in psutil.process_iter() if _listens(process, port)]


def _listens(process: psutil.Process, port: int) -> bool:
    try:
        connections = process.net_connections("tcp")
    except psutil.Error:  # ended meanwhile, or not ours
        return False
    return any(c.status == psutil.CONN_LISTEN and tuple(c.laddr)[1:] == (port,) for c in connections)


@contextmanager
def running_live(
    demo: Demo, ports: dict[str, str], *options: str, settings: Mapping[str, str] = SHORT
) -> Iterator[Live]:
    """Run `run_demo.py live` during the block; nothing of it may be left afterwards."""
    run = demo.start("python3", "run_demo.py", "live", "--no-browser", *options, env={**ports, **settings})
    assert run.stdout is not None
    while "Ctrl-C stops everything" not in (line := run.stdout.readline()):
        assert line, run.communicate()[1]
    try:
        yield Live(ports)
    finally:
        run.terminate()
        run.communicate(timeout=40)
        demo.end()


@contextmanager
def own_room(port: int, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one more control room on this port during the block."""
    environment = os.environ | {"CONTROL_ROOM_PORT": str(port), **settings}
    process = subprocess.Popen(
        [sys.executable, "-m", "control_room"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)
