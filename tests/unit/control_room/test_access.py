"""Who may look, and who may change something."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr, ValidationError

from control_room import room
from control_room.app import create_app
from control_room.settings import Settings
from support.problems import a_problem

OWN = "http://127.0.0.1:8000"
BUTTON = {"base_url": OWN, "headers": {"Origin": OWN, "Content-Type": "application/json"}, "data": '{"mode": "open"}'}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The control room as it is by default: for this machine alone; it watches nobody here."""
    monkeypatch.setattr(room.Room, "open", lambda _: None)
    return create_app(Settings())


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "LOCALHOST", "[::1]:8000"])
def test_serves_its_own_names(client: FlaskClient, host: str) -> None:
    """The page is there under each name of this machine, with headers that let it load nothing from elsewhere."""
    answer = client.get("/", headers={"Host": host}, buffered=True)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["evil.example:8000", "127.0.0.1.evil.example", "127.0.0.1:8000@evil", ""])
def test_refuses_rebound_name(client: FlaskClient, host: str) -> None:
    """Another name that leads to this address (DNS rebinding), or a malformed one, gets 403 on every path."""
    headers = {"Host": host, "Origin": f"http://{host}"}
    refused = [client.get(path, headers=headers) for path in ("/", "/events", "/static/main.js")]
    refused.append(client.post("/api/heal", headers=headers))
    assert [answer.status_code for answer in refused] == [403] * 4


def test_machines_ask_by_any_name(client: FlaskClient) -> None:
    """Container engines and Prometheus call the service by names of their own."""
    for path in ("/health", "/ready", "/metrics"):
        assert client.get(path, headers={"Host": "control-room:8000"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://127.0.0.1:9000"},
        {"Origin": "https://127.0.0.1:8000"},
        {"Origin": "http://localhost:8000"},
        {"Origin": OWN, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_refuses_change_from_another_page(client: FlaskClient, headers: dict[str, str]) -> None:
    """A change without this page's own Origin is refused, whatever else it says."""
    for path in ("/api/heal", "/api/fault/product", "/api/load", "/api/circuit", "/api/try/v1"):
        answer = client.post(path, base_url=OWN, headers=headers, json={})
        assert (path, answer.status_code) == (path, 403)


@pytest.mark.parametrize("port", ["", ":8443"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_accepts_change_from_its_page_behind_a_proxy(monkeypatch: pytest.MonkeyPatch, scheme: str, port: str) -> None:
    """Under a published name the page may have come over HTTPS, from a proxy; host and port must be its own."""
    monkeypatch.setattr(room.Room, "open", lambda _: None)
    client = create_app(Settings(control_room_hosts="lecture.example")).test_client()
    host = f"lecture.example{port}"

    def status(origin: str) -> int:
        return client.post("/api/load", headers={"Host": host, "Origin": origin}, json={}).status_code

    assert status(f"{scheme}://{host}") == 400, "let in, and then told that {} is no order"
    assert status(f"{scheme}://lecture.example:9000") == 403
    assert status(f"{scheme}://evil.example") == 403


def test_events_pass_a_proxy_unbuffered(client: FlaskClient) -> None:
    """Nginx is asked not to keep the pictures back."""
    with client.get("/events", base_url=OWN) as answer:
        assert answer.headers["X-Accel-Buffering"] == "no"


@pytest.mark.parametrize("path", ["/events", "/static/main.js"])
def test_page_of_another_origin_gets_nothing_to_read(client: FlaskClient, path: str) -> None:
    """A page of another origin can read neither the events, where it would take a seat, nor a file."""
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}):
        assert client.get(path, base_url=OWN, headers=headers).status_code == 403


def test_link_to_the_page_works(client: FlaskClient) -> None:
    """A link on another site opens the page."""
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/", base_url=OWN, headers=headers, buffered=True).status_code == 200
    assert client.get("/events", base_url=OWN, headers=headers).status_code == 403, "which would take a seat"


def test_form_cannot_press_a_button(client: FlaskClient) -> None:
    """A body that a plain form can send is refused."""
    answer = client.post("/api/heal", base_url=OWN, headers={"Origin": OWN}, data="{}", content_type="text/plain")
    assert answer.status_code == 415


def test_get_changes_nothing(client: FlaskClient) -> None:
    """A lever answers POST alone."""
    assert client.get("/api/heal", base_url=OWN).status_code == 405


def test_circuit_needs_an_operator(client: FlaskClient) -> None:
    """Without OPERATOR_TOKEN the button says why it does nothing."""
    answer = client.post("/api/circuit", **BUTTON)
    assert (answer.status_code, "OPERATOR_TOKEN is not set" in answer.text) == (409, True)


@pytest.mark.parametrize(
    "order",
    [
        '{"gateway": "v1", "users": 201}',
        '{"gateway": "v1", "users": "50"}',
        '{"gateway": "v3", "users": 1}',
        '{"gateway": "v1", "users": 1, "host": "http://elsewhere"}',
        "",
    ],
)
def test_rejects_invalid_load(client: FlaskClient, order: str) -> None:
    """More than 200 users, or anything that is no load, is refused before Locust hears of it."""
    answer = client.post("/api/load", **{**BUTTON, "data": order})
    assert answer.status_code == 400
    said = answer.json or {}
    assert said == a_problem(400, "not an order", field=said.get("field"), reason=said.get("reason"))


@pytest.mark.parametrize("offered", ["", "Bearer wrong"])
def test_token_is_asked_for_where_there_is_one(monkeypatch: pytest.MonkeyPatch, offered: str) -> None:
    """With CONTROL_ROOM_TOKEN everyone may look, and only who brings it may change something."""
    monkeypatch.setattr(room.Room, "open", lambda _: None)
    settings = Settings(control_room_token=SecretStr("secret"), control_room_hosts="hall.example, 192.0.2.1")
    client = create_app(settings).test_client()
    own = "http://hall.example:8000"
    headers = {"Origin": own, "Content-Type": "application/json"}
    assert client.get("/", base_url=own, buffered=True).status_code == 200
    refused = client.post("/api/circuit", base_url=own, headers=headers | {"Authorization": offered}, data="{}")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    let_in = client.post("/api/circuit", base_url=own, headers=headers | {"Authorization": "Bearer secret"}, data="{}")
    assert let_in.status_code == 400, "let in, and then told that {} is no order"


@pytest.mark.parametrize("host", ["0.0.0.0", "hall.example"])  # noqa: S104 - to be refused
def test_others_are_let_in_with_a_token_alone(host: str) -> None:
    """Beyond this machine, the control room does not start without a token, or the word that nobody else gets there."""
    with pytest.raises(ValidationError, match="CONTROL_ROOM_TOKEN"):
        Settings(listen_host=host)
    assert Settings(listen_host=host, control_room_token=SecretStr("x")).listen_host == host
    assert Settings(listen_host=host, control_room_published_on_loopback=True).listen_host == host


@pytest.mark.parametrize("host", ["127.0.0.2", "::1", "localhost"])
def test_this_machine_needs_no_token(host: str) -> None:
    """On loopback it starts as it is."""
    assert Settings(listen_host=host).listen_host == host
