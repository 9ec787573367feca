"""The latency of a request to v2 with its circuit OPEN, compared with a request to the product service itself."""

import http.client
import time
from pathlib import Path
from statistics import median

from rich.console import Console

from benchmarks.micro import spread
from benchmarks.processes import BenchServer, assign_ports, running
from benchmarks.results import OneConnection
from experiment.services import HOST
from shopkit.direct import direct_session

REQUESTS = 400  # in a row, on one kept-alive connection
TOKEN = "of-the-benchmark"  # noqa: S105 - of a gateway that lives for seconds
ANSWERS_WITHIN_S = 5


def one_connection(rounds: int, logs: Path, console: Console) -> OneConnection:
    """Measure both in turn, round after round.

    Raises:
        EnvironmentProblem: A process does not start.
    """
    product = BenchServer("product-service", "product_service", "PRODUCT_SERVICE_PORT")
    gateway = BenchServer("api-gateway-v2", "api_gateway_v2", "API_GATEWAY_V2_PORT")
    assign_ports([product, gateway])
    gateway.settings = {"PRODUCT_SERVICE_URL": product.url, "OPERATOR_TOKEN": TOKEN}
    with running([product, gateway], logs):
        force_open(gateway)
        console.print("one connection")
        pairs = [
            (_p50_ms(product.port, "/products/1"), _p50_ms(gateway.port, "/product-details/1")) for _ in range(rounds)
        ]
    return OneConnection(
        product_p50_ms=spread([product for product, _ in pairs], 2),
        open_p50_ms=spread([opened for _, opened in pairs], 2),
        ratio=spread([opened / product for product, opened in pairs], 2),
    )


def force_open(gateway: BenchServer) -> None:
    """Force the circuit of recommendations OPEN, as the operator of a gateway with TOKEN."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    order = f"{gateway.url}/circuit-control"
    direct_session().put(order, json={"mode": "open"}, headers=headers, timeout=ANSWERS_WITHIN_S).raise_for_status()


def _p50_ms(port: int, path: str) -> float:
    connection = http.client.HTTPConnection(HOST, port, timeout=ANSWERS_WITHIN_S)
    times_s = [_time_s(connection, path) for _ in range(REQUESTS)]
    connection.close()
    return median(times_s) * 1000


def _time_s(connection: http.client.HTTPConnection, path: str) -> float:
    started = time.perf_counter()
    connection.request("GET", path)
    connection.getresponse().read()
    return time.perf_counter() - started
