"""What metrics and logs cost v2 with its circuit OPEN, compared with a v2 that has neither.

Both take short turns, so that whatever else this machine does affects both alike.
"""

import http.client
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from benchmarks.micro import spread
from benchmarks.one_connection import ANSWERS_WITHIN_S, TOKEN, force_open
from benchmarks.processes import BenchServer, assign_ports, running
from benchmarks.results import Observing
from experiment.errors import EnvironmentProblem
from experiment.services import HOST

CONNECTIONS = 8
REQUESTS = 25  # in a turn, on each connection
METRICS_EVERY = 5  # turns, which take about as long as Prometheus waits before it asks again


@dataclass
class _Gateway:
    """A gateway, connections to it, and what its turns have taken."""

    server: BenchServer
    connections: Sequence[http.client.HTTPConnection]
    has_metrics: bool
    turns_s: list[float] = field(default_factory=list)
    cpu_s: float = 0.0

    def take_turn(self, threads: ThreadPoolExecutor, number: int) -> None:
        """Send requests on all connections at once."""
        started_s, before_s = time.perf_counter(), self.server.cpu_s()
        if self.has_metrics and number % METRICS_EVERY == 0:
            _get(self.connections[0], "/metrics")
        list(threads.map(_send, self.connections))
        self.turns_s.append(time.perf_counter() - started_s)
        self.cpu_s += self.server.cpu_s() - before_s


def observing(rounds: int, logs: Path, console: Console) -> Observing:
    """Measure both in turn, round after round, each first in every other round.

    Raises:
        EnvironmentProblem: A process does not start, or a gateway does not answer with a page.
    """
    product = BenchServer("product-service", "product_service", "PRODUCT_SERVICE_PORT")
    observed = BenchServer("api-gateway-v2", "api_gateway_v2", "API_GATEWAY_V2_PORT")
    unobserved = BenchServer("v2 unobserved", "benchmarks.under_test.unobserved", "API_GATEWAY_V2_PORT")
    assign_ports([product, observed, unobserved])
    observed.settings = unobserved.settings = {"PRODUCT_SERVICE_URL": product.url, "OPERATOR_TOKEN": TOKEN}
    with running([product, observed, unobserved], logs), ThreadPoolExecutor(CONNECTIONS) as threads:
        console.print("metrics and logs")
        with _open(observed, has_metrics=True) as one, _open(unobserved, has_metrics=False) as other:
            for number in range(rounds):
                for gateway in (one, other) if number % 2 == 0 else (other, one):
                    gateway.take_turn(threads, number)
    return _result(one, other)


@contextmanager
def _open(server: BenchServer, *, has_metrics: bool) -> Iterator[_Gateway]:
    """Connect to a gateway whose circuit is OPEN."""
    force_open(server)
    with ExitStack() as stack:
        connect = (http.client.HTTPConnection(HOST, server.port, timeout=ANSWERS_WITHIN_S) for _ in range(CONNECTIONS))
        yield _Gateway(server, [stack.enter_context(closing(one)) for one in connect], has_metrics)


def _send(connection: http.client.HTTPConnection) -> None:
    for _ in range(REQUESTS):
        _get(connection, "/product-details/1")


def _get(connection: http.client.HTTPConnection, path: str) -> None:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise EnvironmentProblem(f"the gateway answered {answer.status} to {path}")


def _result(one: _Gateway, other: _Gateway) -> Observing:
    requests = CONNECTIONS * REQUESTS
    answers = requests * len(one.turns_s)
    pairs = list(zip(one.turns_s, other.turns_s, strict=True))
    return Observing(
        with_per_s=spread([requests / turn_s for turn_s in one.turns_s], 0),
        without_per_s=spread([requests / turn_s for turn_s in other.turns_s], 0),
        lost_share=spread([1 - without_s / with_s for with_s, without_s in pairs]),
        with_cpu_ms=round(1000 * one.cpu_s / answers, 3),
        without_cpu_ms=round(1000 * other.cpu_s / answers, 3),
    )
