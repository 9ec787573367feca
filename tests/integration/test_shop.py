"""The four services as real processes: their contracts before, during and after a fault."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from demo.engines.local import LocalEngine
from experiment.run.shop import Shop
from experiment.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS, PRODUCT, RECOMMENDATIONS, SERVICES, urls
from load.outcomes import Outcome, Route, outcome_of
from support.labs import answers
from support.shops import FreePorts, shop_running

PollUntil = Callable[..., None]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the services' logs."""
    return tmp_path_factory.mktemp("logs")


@pytest.fixture(scope="module")
def running_shop(free_ports: FreePorts, logs: Path) -> Iterator[Shop]:
    """A shop whose waits are short."""
    settings = {
        "UPSTREAM_TIMEOUT_S": "1",
        "BREAKER_RESET_TIMEOUT_S": "0.5",
        "BREAKER_SLOW_CALL_S": "0.2",
        "RECOMMENDATIONS_DEADLINE_S": "0.4",
    }
    with shop_running(free_ports, logs, settings) as shop:
        yield shop


@pytest.fixture
def shop(running_shop: Shop, poll_until: PollUntil) -> Iterator[Shop]:
    """A healthy shop; its fault is removed and its circuit closed after the test."""
    yield running_shop
    running_shop.set_fault(RECOMMENDATIONS, None)
    poll_until(lambda: running_shop.circuit()["state"] == "CLOSED", within_s=15)


def get(shop: Shop, service: object, path: str, **headers: str) -> requests.Response:
    """GET from a service of the shop; `headers` with underscores for hyphens."""
    url = next(url for s, url in shop.urls.items() if s is service)
    return requests.get(url + path, headers={k.replace("_", "-"): v for k, v in headers.items()}, timeout=40)


@pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)
def test_product_details_are_full(shop: Shop, gateway: object) -> None:
    """A healthy shop answers with the product and its recommendations through both gateways."""
    answer = get(shop, gateway, "/product-details/1")
    assert outcome_of(Route.PRODUCT_DETAILS, answer.status_code, answer.content) is Outcome.FULL
    assert list(answer.json()["product"]) == ["id", "name", "category", "price", "description"]
    assert all(related["id"] != 1 for related in answer.json()["recommendations"])
    assert answer.json()["timestamp"].endswith("+00:00")


@pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)
def test_gateway_passes_on_catalogue(shop: Shop, gateway: object) -> None:
    """A gateway's catalogue is that of the product service."""
    everything = get(shop, gateway, "/products").json()
    assert everything == get(shop, PRODUCT, "/products").json()
    assert get(shop, gateway, "/products/7").json() == everything[6]


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_service_is_ready(shop: Shop, service: object) -> None:
    """Every service is ready while the shop is healthy."""
    assert get(shop, service, "/ready").status_code == 200


def test_metrics_have_number_of_threads(shop: Shop) -> None:
    """A gateway's metrics have the number of its threads, which its busy threads are compared with."""
    assert "\nhttp_threads 64.0\n" in get(shop, GATEWAY_V1, "/metrics").text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/product-details/%00", 400), ("/product-details/../x", 404), ("/products/" + "1" * 10_000, 400)],
)
def test_server_rejects_odd_path_in_json(shop: Shop, path: str, status: int) -> None:
    """A path that is not an id, leaves its route, or is too long for gunicorn gets its error in JSON."""
    prepared = requests.Request("GET", shop.urls[GATEWAY_V2]).prepare()
    prepared.url = f"{shop.urls[GATEWAY_V2]}{path}"  # unchanged: requests would normalise it
    with requests.Session() as session:
        answer = session.send(prepared, timeout=10)
    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)
def test_request_id_reaches_every_service(shop: Shop, gateway: object, logs: Path, poll_until: PollUntil) -> None:
    """The id that a client sends is in the answer and in the log of every service involved."""
    request_id = f"follow-me-{getattr(gateway, 'name', '')}"
    assert get(shop, gateway, "/product-details/3", X_Request_ID=request_id).headers["X-Request-ID"] == request_id
    involved = [getattr(gateway, "name", ""), PRODUCT.name, RECOMMENDATIONS.name]
    poll_until(lambda: all(request_id in (logs / f"{name}.log").read_text() for name in involved))


def test_hang_fails_v1_and_degrades_v2(shop: Shop) -> None:
    """While recommendations hang, v1 fails after its timeout and v2 answers with the product, degraded."""
    shop.set_fault(RECOMMENDATIONS, {"kind": "hang"})
    broken = get(shop, GATEWAY_V1, "/product-details/1")
    assert (broken.status_code, broken.json()["error"]) == (500, "Failed to get recommendations")
    served = get(shop, GATEWAY_V2, "/product-details/1")
    assert served.status_code == 200
    assert served.json()["product"]["id"] == 1
    assert served.json()["recommendations"] == []
    assert served.json()["degraded_mode"] is True


def test_circuit_opens_during_hang_and_closes_after_it(shop: Shop, poll_until: PollUntil) -> None:
    """During a hang /circuit-status answers and the circuit opens; after it the circuit closes without traffic."""
    shop.set_fault(RECOMMENDATIONS, {"kind": "hang"})
    callers = [threading.Thread(target=get, args=(shop, GATEWAY_V2, f"/product-details/{n}")) for n in range(1, 9)]
    for caller in callers:
        caller.start()
    poll_until(lambda: shop.circuit()["state"] == "OPEN")
    for caller in callers:
        caller.join()
    shop.set_fault(RECOMMENDATIONS, None)
    poll_until(lambda: shop.circuit()["state"] == "CLOSED")  # no traffic: the probe runs in the background
    assert [t["to"] for t in shop.circuit()["transitions"]][-2:] == ["HALF-OPEN", "CLOSED"]


@pytest.mark.parametrize("fault", ["error", "malformed", "drip"])
def test_v2_answers_during_fault(shop: Shop, fault: str) -> None:
    """Whatever the fault, v2 answers with the product, degraded."""
    shop.set_fault(RECOMMENDATIONS, {"kind": fault})
    for _ in range(4):
        answer = get(shop, GATEWAY_V2, "/product-details/2")
        assert outcome_of(Route.PRODUCT_DETAILS, answer.status_code, answer.content) is Outcome.DEGRADED


def test_gateway_alone_is_alive_but_not_ready(
    free_ports: FreePorts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, poll_until: PollUntil
) -> None:
    """Without the product service a gateway is alive, not ready, and answers 502 in JSON."""
    for service, port in zip(SERVICES, free_ports(len(SERVICES)), strict=True):
        monkeypatch.setenv(service.port_variable, str(port))
    engine = LocalEngine()
    shop = Shop(urls(SERVICES))
    try:
        engine.start([GATEWAY_V2], tmp_path)
        poll_until(lambda: answers(f"{shop.urls[GATEWAY_V2]}/health"))
        assert get(shop, GATEWAY_V2, "/ready").status_code == 503
        assert PRODUCT.name in get(shop, GATEWAY_V2, "/ready").json()["missing"]
        assert get(shop, GATEWAY_V2, "/product-details/1").status_code == 502
        assert get(shop, GATEWAY_V2, "/products").json()["dependency"] == PRODUCT.name
    finally:
        engine.stop()
