"""The latency of v2's product pages while other clients hold connections: silent, or sending byte by byte."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from rich.console import Console

from benchmarks.processes import BenchServer, assign_ports, running
from benchmarks.results import HoldingClients
from benchmarks.traffic import traffic
from experiment.plan import Open
from experiment.results.model import RouteResult
from experiment.services import HOST
from shopkit.open_files import raise_file_limit

SILENT = 1500  # connections that send nothing
SLOW_HEADS = 200  # connections that send a head, a byte at a time
SLOW_BODIES = 200  # connections that send a body likewise
HEAD = b"GET /product-details/1 HT"
BODY = b"PUT /circuit-control HTTP/1.1\r\nHost: shop\r\nContent-Length: 60000\r\n\r\n"
BYTE_EVERY_S = 0.5
RATE_PER_S = 50
DURATION_S = 5.0
OTHER_FILES = 200  # of this process


def holding_clients(logs: Path, console: Console) -> HoldingClients:
    """Measure without such clients, then with them.

    Raises:
        EnvironmentProblem: A process does not start.
    """
    product = BenchServer("product-service", "product_service", "PRODUCT_SERVICE_PORT")
    recommendations = BenchServer("recommendations-service", "recommendations_service", "RECOMMENDATIONS_SERVICE_PORT")
    gateway = BenchServer("api-gateway-v2", "api_gateway_v2", "API_GATEWAY_V2_PORT")
    assign_ports([product, recommendations, gateway])
    gateway.settings = {"PRODUCT_SERVICE_URL": product.url, "RECOMMENDATIONS_SERVICE_URL": recommendations.url}
    with running([product, recommendations, gateway], logs):
        console.print("clients that hold connections")
        alone = _pages(gateway, logs)
        with _clients(gateway.port):
            return HoldingClients(
                silent=SILENT,
                slow_heads=SLOW_HEADS,
                slow_bodies=SLOW_BODIES,
                alone=alone,
                beside_them=_pages(gateway, logs),
            )


def _pages(gateway: BenchServer, logs: Path) -> RouteResult:
    with traffic(gateway.url, Open(RATE_PER_S), DURATION_S, logs) as load:
        load.wait_for_end(patience_s=2.0)
        return load.result(warm_up_s=0.0)


@contextmanager
def _clients(port: int) -> Iterator[None]:
    """Hold the connections during the block."""
    raise_file_limit(SILENT + SLOW_HEADS + SLOW_BODIES + OTHER_FILES)
    stopped = threading.Event()
    with ExitStack() as held:

        def connect(count: int, sent: bytes) -> list[socket.socket]:
            made = [held.enter_context(socket.create_connection((HOST, port), timeout=10)) for _ in range(count)]
            for connection in made:
                connection.sendall(sent)
            return made

        connect(SILENT, b"")
        slow = connect(SLOW_HEADS, HEAD) + connect(SLOW_BODIES, BODY)
        dripping = threading.Thread(target=_drip, args=(slow, stopped))
        dripping.start()
        try:
            yield
        finally:
            stopped.set()
            dripping.join()


def _drip(connections: list[socket.socket], stopped: threading.Event) -> None:
    while not stopped.wait(BYTE_EVERY_S):
        for connection in connections:
            with suppress(OSError):  # the gateway has closed it: too slow
                connection.send(b"x")
