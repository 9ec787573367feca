"""Who may ask a service: the same rules for every service of the shop."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

import api_gateway_v1.app
import api_gateway_v2.app
import control_room.app
import product_service.app
import recommendations_service.app
from shopkit import access
from shopkit.service import create_service

FAULTS = "http://127.0.0.1:8082/faults"
HANG = '{"kind": "hang"}'
SERVICES: dict[str, Callable[[], Flask]] = {
    "product-service": product_service.app.create_app,
    "recommendations-service": recommendations_service.app.create_app,
    "api-gateway-v1": api_gateway_v1.app.create_app,
    "api-gateway-v2": api_gateway_v2.app.create_app,
    "control-room": control_room.app.create_app,
}


@pytest.fixture
def app() -> Flask:
    """The recommendations service, in which a fault can be put."""
    return recommendations_service.app.create_app()


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_refuses_a_rebound_name(name: str) -> None:
    """A name that leads to this address, and is none of the service's (DNS rebinding), gets 403 on every path."""
    client = SERVICES[name]().test_client()
    for host in ("evil.example:8082", "127.0.0.1.evil.example", "127.0.0.1:8082@evil", f"{name}.evil.example", ""):
        assert client.get("/anything", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_its_own_names(name: str) -> None:
    """A service may be called by this machine's names, and by its own, as the other containers call it."""
    client = SERVICES[name]().test_client()
    for host in ("127.0.0.1:8082", "LOCALHOST", "[::1]:8082", f"{name}:8082"):
        assert client.get("/no-such-path", headers={"Host": host}).status_code == 404


@pytest.mark.parametrize("name", SERVICES)
def test_machines_ask_every_service_by_any_name(name: str) -> None:
    """Container engines and Prometheus need not know what a service is called."""
    client = SERVICES[name]().test_client()
    for path in ("/health", "/metrics"):
        assert client.get(path, headers={"Host": "10.0.0.7:8082"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8000"},
        {"Origin": "https://127.0.0.1:8082"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"},
    ],
    ids=str,
)
def test_page_of_another_origin_puts_no_fault_in(client: FlaskClient, headers: dict[str, str]) -> None:
    """A request that another site's page sends changes nothing, whichever way it sends it."""
    assert client.put(FAULTS, data=HANG, headers=headers).status_code == 403
    assert client.delete(FAULTS, headers=headers).status_code == 403
    assert client.get(FAULTS).json == {"fault": None}


def test_program_puts_a_fault_in(client: FlaskClient) -> None:
    """Curl sends no Origin, and needs none."""
    assert client.put(FAULTS, data=HANG).status_code == 200


@pytest.mark.parametrize(
    ("frame", "status"), [({}, 404), ({"Sec-Fetch-Dest": "document"}, 404), ({"Sec-Fetch-Dest": "iframe"}, 403)]
)
def test_link_works_and_a_frame_does_not(client: FlaskClient, frame: dict[str, str], status: int) -> None:
    """A link on another site opens an address of the service; a frame there does not."""
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", **frame}
    assert client.get("http://127.0.0.1:8082/recommendations/999", headers=headers).status_code == status


@pytest.mark.parametrize("origin", ["http://shop.example", "https://shop.example"])
def test_published_name_is_the_services_own(origin: str) -> None:
    """Under a name that its settings list, a service may have come over HTTPS, from a proxy."""
    app = create_service("shop")
    headers = {"Host": "shop.example", "Origin": origin}
    assert app.test_client().get("/", headers=headers).status_code == 403

    published = create_service("shop")
    access.publish(published, ["shop.example"])
    assert published.test_client().get("/", headers=headers).status_code == 404


def test_tokens_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison takes as long for a token that is nearly right as for one that is not."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return True

    monkeypatch.setattr("hmac.compare_digest", compare)
    with create_service("shop").test_request_context(headers={"Authorization": "Bearer näh"}):
        assert access.brings_token("secret")
    assert compared == [("Bearer näh".encode(), b"Bearer secret")]
