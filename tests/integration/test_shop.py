"""The four services as real processes: the contracts, on both sides of a hang."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from demo.engines.local import LocalEngine
from experiment.run.shop import Shop
from experiment.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS, PRODUCT, RECOMMENDATIONS, SERVICES, urls
from load.outcomes import Outcome, Route, outcome_of
from support.shops import FreePorts, shop_running

PollUntil = Callable[..., None]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the services' logs."""
    return tmp_path_factory.mktemp("logs")


@pytest.fixture(scope="module")
def running_shop(free_ports: FreePorts, logs: Path) -> Iterator[Shop]:
    """A shop whose waits are short."""
    settings = {"UPSTREAM_TIMEOUT_S": "3", "BREAKER_RESET_TIMEOUT_S": "0.5", "RECOMMENDATIONS_DEADLINE_S": "1"}
    with shop_running(free_ports, logs, settings) as shop:
        yield shop


@pytest.fixture
def shop(running_shop: Shop, poll_until: PollUntil) -> Iterator[Shop]:
    """A healthy shop with a closed circuit, before and after the test."""
    yield running_shop
    running_shop.set_fault(None)
    poll_until(lambda: running_shop.circuit()["state"] == "CLOSED", within_s=15)


def get(shop: Shop, service: object, path: str, **headers: str) -> requests.Response:
    """GET from a service of the shop; `headers` with underscores for hyphens."""
    url = next(url for s, url in shop.urls.items() if s is service)
    return requests.get(url + path, headers={k.replace("_", "-"): v for k, v in headers.items()}, timeout=40)


@pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)
def test_product_details_are_full_when_all_is_well(shop: Shop, gateway: object) -> None:
    """Both gateways answer with the product and its recommendations."""
    answer = get(shop, gateway, "/product-details/1")
    assert outcome_of(Route.PRODUCT_DETAILS, answer.status_code, answer.content) is Outcome.FULL
    assert list(answer.json()["product"]) == ["id", "name", "category", "price", "description"]
    assert all(related["id"] != 1 for related in answer.json()["recommendations"])
    assert answer.json()["timestamp"].endswith("+00:00")


@pytest.mark.parametrize("service", [PRODUCT, *GATEWAYS], ids=lambda service: service.name)
def test_catalogue_is_passed_on(shop: Shop, service: object) -> None:
    """The product service and both gateways show the same catalogue."""
    everything = get(shop, service, "/products").json()
    assert len(everything) > 40
    assert get(shop, service, "/products/7").json() == everything[6]


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_every_service_can_be_watched(shop: Shop, service: object, path: str) -> None:
    """Every service answers on /health, /ready and /metrics."""
    assert get(shop, service, path).status_code == 200


@pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda service: service.name)
def test_gateway_tells_how_many_threads_it_has(shop: Shop, gateway: object) -> None:
    """Busy threads mean something next to how many there are."""
    assert "\nhttp_threads 64.0\n" in get(shop, gateway, "/metrics").text


NOT_IDS = [
    "0",
    "-1",
    "1.5",
    "abc",
    "%00",
    "1" * 10_000,
    "1" * 5_000,
    "../x",
    "%2e%2e%2fx",
    "1%0a",
    "%D9%A1",
    "1e3",
    "999999",
]


@pytest.mark.parametrize("not_an_id", NOT_IDS, ids=lambda text: text[:12])
@pytest.mark.parametrize(
    ("service", "route"),
    [
        (PRODUCT, "/products/"),
        (RECOMMENDATIONS, "/recommendations/"),
        (GATEWAY_V1, "/products/"),
        (GATEWAY_V1, "/product-details/"),
        (GATEWAY_V2, "/products/"),
        (GATEWAY_V2, "/product-details/"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_what_is_no_product_is_refused_in_json(shop: Shop, service: object, route: str, not_an_id: str) -> None:
    """Anything but the id of a product gets 400 or 404, as JSON, from every route that takes one."""
    url = next(url for s, url in shop.urls.items() if s is service)
    prepared = requests.Request("GET", url).prepare()
    prepared.url = url + route + not_an_id  # as it stands: no library tidies it up
    with requests.Session() as session:
        answer = session.send(prepared, timeout=10)
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_wrong_method_and_wrong_path_are_answered_in_json(shop: Shop, service: object) -> None:
    """No client of the API gets HTML."""
    url = next(url for s, url in shop.urls.items() if s is service)
    wrong_method = requests.post(f"{url}/health", timeout=10)
    assert (wrong_method.status_code, wrong_method.json()) == (405, {"error": "Method Not Allowed"})
    missing = requests.get(f"{url}/nowhere", timeout=10)
    assert (missing.status_code, missing.json()) == (404, {"error": "Not Found"})


@pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)
def test_request_id_goes_through_every_service(shop: Shop, gateway: object, logs: Path, poll_until: PollUntil) -> None:
    """The id that a client sends comes back, and is in the log line of every service that worked for it."""
    request_id = f"follow-me-{getattr(gateway, 'name', '')}"
    assert get(shop, gateway, "/product-details/3", X_Request_ID=request_id).headers["X-Request-ID"] == request_id
    involved = [getattr(gateway, "name", ""), PRODUCT.name, RECOMMENDATIONS.name]
    poll_until(lambda: all(request_id in (logs / f"{name}.log").read_text() for name in involved))


def test_hang_kills_v1_and_not_v2(shop: Shop) -> None:
    """While recommendations hang, v1 fails after its timeout, and v2 answers with the product, degraded."""
    shop.set_fault({"kind": "hang"})
    broken = get(shop, GATEWAY_V1, "/product-details/1")
    assert (broken.status_code, broken.json()["error"]) == (500, "Failed to get recommendations")
    served = get(shop, GATEWAY_V2, "/product-details/1")
    assert served.status_code == 200
    assert served.json()["product"]["id"] == 1
    assert served.json()["recommendations"] == []
    assert served.json()["degraded_mode"] is True


def test_hang_leaves_the_status_of_v2_at_hand(shop: Shop, poll_until: PollUntil) -> None:
    """While every call hangs, /circuit-status answers, the circuit opens, and recovers by itself after the hang."""
    shop.set_fault({"kind": "hang"})
    callers = [threading.Thread(target=get, args=(shop, GATEWAY_V2, f"/product-details/{n}")) for n in range(1, 9)]
    for caller in callers:
        caller.start()
    poll_until(lambda: shop.circuit()["state"] == "OPEN")
    for caller in callers:
        caller.join()
    shop.set_fault(None)
    poll_until(lambda: shop.circuit()["state"] == "CLOSED")  # no traffic: the probe runs in the background
    assert [t["to"] for t in shop.circuit()["transitions"]][-2:] == ["HALF-OPEN", "CLOSED"]


@pytest.mark.parametrize("fault", ["error", "malformed", "slow", "drip"])
def test_v2_serves_the_product_through_every_fault(shop: Shop, fault: str) -> None:
    """Whatever recommendations do, v2's answer has the product."""
    shop.set_fault({"kind": fault} | ({"delay_s": 5} if fault == "slow" else {}))
    for _ in range(4):
        answer = get(shop, GATEWAY_V2, "/product-details/2")
        assert outcome_of(Route.PRODUCT_DETAILS, answer.status_code, answer.content) is Outcome.DEGRADED


@pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)
def test_shop_without_products_says_so(
    gateway: object, free_ports: FreePorts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the product service a gateway is alive, not ready, and answers 502 in JSON."""
    for service, port in zip(SERVICES, free_ports(len(SERVICES)), strict=True):
        monkeypatch.setenv(service.port_variable, str(port))
    alone = next(service for service in SERVICES if service is gateway)
    engine = LocalEngine()
    shop = Shop(urls())
    try:
        engine.start([alone], tmp_path)
        _wait_for_health(shop.urls[alone], engine)
        assert get(shop, gateway, "/ready").status_code == 503
        assert PRODUCT.name in get(shop, gateway, "/ready").json()["missing"]
        assert get(shop, gateway, "/product-details/1").status_code == 502
        assert get(shop, gateway, "/products").json()["dependency"] == PRODUCT.name
    finally:
        engine.stop()


def _wait_for_health(url: str, engine: LocalEngine) -> None:
    while True:
        engine.check_alive()
        try:
            requests.get(f"{url}/health", timeout=5).raise_for_status()
        except requests.ConnectionError:
            continue
        return
