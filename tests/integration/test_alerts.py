"""The alerts and the dashboard in a real Prometheus, which watches a real shop through two faults."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import requests
from prometheus_client import start_http_server

from experiment.run.shop import Shop
from experiment.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS, RECOMMENDATIONS, SERVICES, Service
from experiment.waiting import wait_until
from support.prometheus import Prometheus, dashboard_queries, prometheus_watching
from support.shops import FreePorts, shop_running

SETTINGS = {
    "GATEWAY_THREADS": "8",
    "UPSTREAM_TIMEOUT_S": "3",
    "BREAKER_RESET_TIMEOUT_S": "2",
    "BULKHEAD_COUNTS": "all",
    "BULKHEAD_MAX_CONCURRENT": "2",
}
PAUSE_S = 0.1
GIVES_UP_S = 20
soon = partial(wait_until, within_s=90.0, every_s=0.5)  # a busy machine takes its time


@pytest.fixture
def shop(free_ports: FreePorts, tmp_path: Path) -> Iterator[Shop]:
    """A shop of few threads and a small bulkhead, so that few visitors exhaust them."""
    with shop_running(free_ports, tmp_path / "logs", SETTINGS) as shop:
        yield shop


@pytest.fixture
def prometheus(shop: Shop, free_ports: FreePorts, tmp_path: Path) -> Iterator[Prometheus]:
    """A Prometheus that gets the metrics of all four services."""
    with prometheus_watching(shop.urls, free_ports(1)[0], tmp_path) as prometheus:
        assert soon(prometheus.is_ready)
        assert soon(lambda: prometheus.up() == {service.name for service in SERVICES})
        yield prometheus


@contextmanager
def visitors(shop: Shop, number: dict[Service, int]) -> Iterator[None]:
    """Ask for one page after the other, so many visitors at each gateway."""
    leave = threading.Event()

    def visit(page: str) -> None:
        with requests.Session() as session:
            while not leave.wait(PAUSE_S):
                session.get(page, timeout=GIVES_UP_S)

    pages = [f"{shop.urls[gateway]}/product-details/1" for gateway, many in number.items() for _ in range(many)]
    threads = [threading.Thread(target=visit, args=(page,)) for page in pages]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        leave.set()
        for thread in threads:
            thread.join()


@pytest.mark.slow
def test_alerts_fire_during_a_fault_and_resolve_after_it(shop: Shop, prometheus: Prometheus) -> None:
    """Each alert that a fault of recommendations is to raise fires and resolves; all queries have data meanwhile."""
    with visitors(shop, dict.fromkeys(GATEWAYS, 1)):
        assert soon(lambda: prometheus.query('sum(full_answers_total{service="api-gateway-v2"} > 5)'))
        assert soon(lambda: prometheus.firing() == set())

    with visitors(shop, {GATEWAY_V1: 12, GATEWAY_V2: 5}):
        shop.set_fault(RECOMMENDATIONS, {"kind": "slow", "delay_s": 0.3})
        assert soon(lambda: "BulkheadFull" in prometheus.firing())

        shop.set_fault(RECOMMENDATIONS, {"kind": "hang"})
        expected = {"CircuitOpen", "DegradedShare", "ThreadsExhausted", "ProbeFailing"}
        assert soon(lambda: prometheus.firing() >= expected)
        assert "ServiceDown" not in prometheus.firing()
        assert soon(lambda: services_of(prometheus, "ThreadsExhausted") == {GATEWAY_V1.name})
        queries = dashboard_queries()
        assert soon(lambda: [title for title, query in queries.items() if not prometheus.query(query)] == [])

    shop.set_fault(RECOMMENDATIONS, None)
    with visitors(shop, dict.fromkeys(GATEWAYS, 1)):
        assert soon(lambda: prometheus.firing() == set())
        assert soon(lambda: shop.circuit()["state"] == "CLOSED")
    fired = prometheus.query('sum by (alertname) (max_over_time(ALERTS{alertstate="firing"}[10m]))')
    assert {series["metric"]["alertname"] for series in fired} >= {*expected, "BulkheadFull"}


def services_of(prometheus: Prometheus, alert: str) -> set[str]:
    """Return the services of which an alert fires."""
    firing = prometheus.query(f'ALERTS{{alertname="{alert}", alertstate="firing"}}')
    return {series["metric"]["service"] for series in firing}


@pytest.mark.slow
def test_killed_service_is_told_from_an_exhausted_one(free_ports: FreePorts, tmp_path: Path) -> None:
    """A service that nobody can connect to is down until it is there, and its threads are not said to be exhausted."""
    port, *nobodys = free_ports(1 + len(SERVICES))
    urls = {service: f"http://127.0.0.1:{port}" for service, port in zip(SERVICES, nobodys, strict=True)}
    with prometheus_watching(urls, port, tmp_path) as prometheus:
        assert soon(prometheus.is_ready)
        assert soon(lambda: prometheus.firing() == {"ServiceDown"})
        assert soon(lambda: services_of(prometheus, "ServiceDown") == {service.name for service in SERVICES})
        first, *others = (service.name for service in SERVICES)
        server, thread = start_http_server(nobodys[0], "127.0.0.1")
        try:
            assert soon(lambda: services_of(prometheus, "ServiceDown") == set(others)), first
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
