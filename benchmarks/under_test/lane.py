"""A gateway with services of its own, so that the calls of one rung never load another's, and several side by side."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import requests

from benchmarks.processes import BenchServer, Server, assign_ports
from benchmarks.under_test.registry import GatewayUnderTest
from benchmarks.under_test.shop import server_of, tell_addresses
from experiment.errors import EnvironmentProblem
from experiment.waiting import wait_until
from shopkit.direct import direct_session
from shopkit.metrics_reader import Metrics

ANSWERS_WITHIN_S = 2.0
HEALED_WITHIN_S = 5.0  # a service that refuses connections ends that by itself

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sick service of a lane has counted so far."""

    calls: int
    useless_work: int  # for callers who had left


@dataclass(frozen=True, slots=True)
class Lane:
    """One gateway, and the services that it alone calls, save a product service that is well."""

    gateway: GatewayUnderTest
    server: BenchServer
    product: BenchServer
    recommendations: BenchServer

    @property
    def servers(self) -> list[Server]:
        """Those of this lane alone, those first that others call."""
        return [self.recommendations, *([self.server.beside] if self.server.beside else []), self.server]


class Lanes:
    """All servers of a run."""

    def __init__(self, gateways: Iterable[GatewayUnderTest], *, of_product: bool = False) -> None:
        """The service that gets sick is recommendations, or with `of_product` the product service."""
        self._of_product = of_product
        shared = _product("")
        self.lanes = [_lane(gateway, _product(gateway.name) if of_product else shared) for gateway in gateways]
        products = [lane.product for lane in self.lanes] if of_product else [shared]
        self.servers = [*products, *(server for lane in self.lanes for server in lane.servers)]
        assign_ports(self.servers)
        for lane in self.lanes:
            tell_addresses(lane.server, lane.product, lane.recommendations)

    @property
    def urls(self) -> list[str]:
        """The addresses of the gateways."""
        return [lane.server.url for lane in self.lanes]

    def put(self, fault: Mapping[str, object]) -> None:
        """Make the service of every lane sick, at the same moment.

        Raises:
            EnvironmentProblem: one does not do it.
        """
        self.put_each([fault] * len(self.lanes))

    def put_each(self, faults: Sequence[Mapping[str, object]]) -> None:
        """Give the service of each lane a fault of its own; raise as `put` does."""
        of = dict(zip([server.url for server in self._sick], faults, strict=True))
        if not all(self._on_each_sick(lambda url: _answers("PUT", f"{url}/faults", of[url]))):
            raise EnvironmentProblem("a service does not take its fault")

    def heal(self) -> None:
        """Make all services well, at the same moment.

        Raises:
            EnvironmentProblem: one does not answer in time.
        """

        def is_healed(url: str) -> bool:
            return wait_until(lambda: _answers("DELETE", f"{url}/faults"), within_s=HEALED_WITHIN_S)

        if not all(self._on_each_sick(is_healed)):
            raise EnvironmentProblem("a service cannot be healed")

    def counts(self) -> list[Counts | None]:
        """Return what each sick service has counted; None where it does not answer."""
        return self._on_each_sick(self._count)

    def _count(self, url: str) -> Counts | None:
        of = "product" if self._of_product else "recommendations"
        try:
            with direct_session() as session:
                answer = session.get(f"{url}/metrics", timeout=ANSWERS_WITHIN_S)
            metrics = Metrics(answer.text, only=(f"{of}_calls", f"{of}_work"))
        except (requests.RequestException, ValueError):
            return None
        return Counts(round(metrics.total(f"{of}_calls_total")), round(metrics.total(f"{of}_work_total", awaited="no")))

    @property
    def _sick(self) -> list[BenchServer]:
        return [lane.product if self._of_product else lane.recommendations for lane in self.lanes]

    def _on_each_sick(self, do: Callable[[str], T]) -> list[T]:
        with ThreadPoolExecutor(len(self.lanes)) as threads:
            return list(threads.map(do, [server.url for server in self._sick]))


def _lane(gateway: GatewayUnderTest, product: BenchServer) -> Lane:
    name = f"recommendations-service of {gateway.name}"
    recommendations = BenchServer(name, "recommendations_service", "RECOMMENDATIONS_SERVICE_PORT")
    return Lane(gateway, server_of(gateway, recommendations), product, recommendations)


def _product(of: str) -> BenchServer:
    return BenchServer(f"product-service{f' of {of}' if of else ''}", "product_service", "PRODUCT_SERVICE_PORT")


def _answers(method: str, url: str, body: Mapping[str, object] | None = None) -> bool:
    try:
        with direct_session() as session:
            return session.request(method, url, json=body, timeout=ANSWERS_WITHIN_S).ok
    except requests.RequestException:
        return False
