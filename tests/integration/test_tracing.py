"""The traces of the four services as real processes, as they arrive at a collector."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from experiment.run.shop import Shop
from experiment.services import GATEWAY_V1, GATEWAY_V2, RECOMMENDATIONS
from support.collector import Collector, Span, collecting
from support.shops import FreePorts, shop_running

PollUntil = Callable[..., None]
WITHIN_S = 60  # spans are sent every 5 s
QUICK = {
    "BREAKER_RESET_TIMEOUT_S": "0.5",
    "BREAKER_SLOW_CALL_S": "0.2",
    "RECOMMENDATIONS_DEADLINE_S": "0.4",
    "UPSTREAM_TIMEOUT_S": "1",
}
OF_OTHERS = {  # each of them stops a service that reads it, or changes what it sends
    "OTEL_PROPAGATORS": "nonsense",
    "OTEL_SDK_DISABLED": "true",
    "OTEL_SERVICE_NAME": "somebody-else",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:1",
}


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """A collector that works."""
    with collecting() as running:
        yield running


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the services' logs."""
    return tmp_path_factory.mktemp("logs")


@pytest.fixture(scope="module")
def shop(free_ports: FreePorts, logs: Path, collector: Collector) -> Iterator[Shop]:
    """A shop whose waits are short, traced, in an environment that also has variables of other programs."""
    settings = {**QUICK, **OF_OTHERS, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
    with shop_running(free_ports, logs, settings) as running:
        yield running


def ask(shop: Shop, gateway: object, request_id: str) -> requests.Response:
    """Ask a gateway for a page's product under this id."""
    url = next(url for service, url in shop.urls.items() if service is gateway)
    return requests.get(f"{url}/product-details/1", headers={"X-Request-ID": request_id}, timeout=40)


def tree(spans: list[Span]) -> set[tuple[str, str, str]]:
    """Return parent's service, service and name of each span; a root's parent is empty."""
    by_id = {span.span_id: span for span in spans}
    return {(by_id[s.parent_id].service if s.parent_id else "", s.service, s.name) for s in spans}


@pytest.mark.parametrize("gateway", [GATEWAY_V1, GATEWAY_V2], ids=lambda gateway: gateway.name)
def test_request_is_one_trace_through_all_services(
    shop: Shop, collector: Collector, poll_until: PollUntil, gateway: object
) -> None:
    """The spans of one request hang together, also where v2 makes the call on another thread."""
    name = str(getattr(gateway, "name", ""))
    request_id = f"whole-{name}"
    ask(shop, gateway, request_id).raise_for_status()

    poll_until(lambda: len(collector.trace_of(request_id)) == 5, within_s=WITHIN_S)
    assert tree(collector.trace_of(request_id)) == {
        ("", name, "GET /product-details/<product_id>"),
        (name, name, "GET"),
        (name, "product-service", "GET /products/<product_id>"),
        (name, "recommendations-service", "GET /recommendations/<product_id>"),
    }


def test_log_lines_have_the_id_of_the_trace(
    shop: Shop, collector: Collector, logs: Path, poll_until: PollUntil
) -> None:
    """Every service's log line of a request names its trace."""
    ask(shop, GATEWAY_V2, "logged").raise_for_status()

    poll_until(lambda: collector.trace_of("logged"), within_s=WITHIN_S)
    lines = [
        json.loads(line) for log in logs.glob("*.log") for line in log.read_text().splitlines() if "logged" in line
    ]
    assert len(lines) == 3
    assert {line["trace_id"] for line in lines} == {span.trace_id for span in collector.trace_of("logged")}


def test_spans_tell_of_the_circuit_and_probes_are_traces_of_their_own(
    shop: Shop, collector: Collector, poll_until: PollUntil
) -> None:
    """A request of a sick shop says what the guard did; the probe that closes the circuit is in no request's trace."""

    def roots(*request_ids: str) -> list[Span]:
        return [s for request_id in request_ids for s in collector.trace_of(request_id) if not s.parent_id]

    shop.set_fault(RECOMMENDATIONS, {"kind": "hang"})
    waits = [f"waits-{n}" for n in range(3)]
    waiting = [threading.Thread(target=ask, args=(shop, GATEWAY_V2, request_id)) for request_id in waits]
    for thread in waiting:
        thread.start()
    for thread in waiting:
        thread.join()
    assert ask(shop, GATEWAY_V2, "refused").json()["degraded_mode"] is True
    shop.set_fault(RECOMMENDATIONS, None)
    poll_until(lambda: shop.circuit()["state"] == "CLOSED", within_s=15)

    def closing_probes() -> list[Span]:
        probes = [s for s in collector.spans if s.name == "probe recommendations-service" and not s.parent_id]
        return [s for s in probes if s.events.get("transition", {}).get("circuit.to_state") == "CLOSED"]

    poll_until(lambda: len(roots("refused", *waits)) == 4, within_s=WITHIN_S)
    (refused,) = roots("refused")
    assert refused.attributes["degraded"] is True
    assert refused.attributes["circuit.recommendations-service.state"] == "OPEN"
    assert refused.events.keys() == {"short-circuited", "fallback"}
    assert refused.events["short-circuited"]["circuit.state"] == "OPEN"
    events = {name for span in roots(*waits) for name in span.events}
    assert {"released", "transition", "fallback"} <= events
    poll_until(lambda: len(closing_probes()) == 1, within_s=WITHIN_S)
    (probe,) = closing_probes()

    def asked() -> bool:
        return "recommendations-service" in {s.service for s in collector.spans if s.trace_id == probe.trace_id}

    poll_until(asked, within_s=WITHIN_S)


@pytest.mark.slow
@pytest.mark.parametrize("hangs", [False, True], ids=["dead", "hung"])
def test_collector_that_does_not_answer_costs_nobody_anything(
    free_ports: FreePorts, tmp_path: Path, poll_until: PollUntil, *, hangs: bool
) -> None:
    """Without a collector, or with one that takes spans and never answers, pages are as quick, and so is the end."""
    with collecting() as collector:
        collector.hangs_until = threading.Event() if hangs else None
        address = collector.url if hangs else f"http://127.0.0.1:{free_ports(1)[0]}"
        with shop_running(free_ports, tmp_path, {**QUICK, "OTEL_EXPORTER_OTLP_ENDPOINT": address}) as shop:
            took_s = []
            for number in range(600):  # more than a batch: they are being sent meanwhile
                begun_s = time.monotonic()
                ask(shop, GATEWAY_V2, f"page-{number}").raise_for_status()
                took_s.append(time.monotonic() - begun_s)
            if hangs:
                poll_until(lambda: collector.asked)
            ends_s = time.monotonic()
        assert time.monotonic() - ends_s < 4.5, "the services were killed, or waited for the collector"
        assert sorted(took_s)[len(took_s) * 9 // 10] < 1.0
