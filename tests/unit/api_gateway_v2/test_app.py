"""The protected gateway's routes, on dependencies that are functions."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from structlog.testing import capture_logs

from api_gateway_v2.app import create_app
from api_gateway_v2.settings import Settings
from shopkit.errors import DeadlineExceeded, DependencyError, RequestRejected, Unreachable
from storefront.clients import ProductService, RecommendationsService
from storefront.products import Product

PollUntil = Callable[..., None]
TOKEN = "let-me-in"  # noqa: S105 - of these tests
KETTLE = Product(id=1, name="Kettle", category="Kitchen", price=10.0, description="Boils.")
CUP = Product(id=2, name="Cup", category="Kitchen", price=5.0, description="Holds.")


class Sick:
    """Whether, and how, the recommendations are sick."""

    error: Exception | None = None


@pytest.fixture
def sick(monkeypatch: pytest.MonkeyPatch) -> Sick:
    """Dependencies without a network: the product service is well, recommendations as `sick.error` says."""
    health = Sick()

    def related_to(_service: RecommendationsService, _product_id: int) -> list[Product]:
        if health.error:
            raise health.error
        return [CUP]

    monkeypatch.setattr(ProductService, "product", lambda _service, _product_id: KETTLE)
    monkeypatch.setattr(RecommendationsService, "related_to", related_to)
    return health


@pytest.fixture
def app(sick: Sick) -> Flask:  # noqa: ARG001 - it must be there first
    """The gateway, with an operator's token and no probe during a test."""
    return create_app(Settings(operator_token=SecretStr(TOKEN), breaker_reset_timeout_s=3600))


def order(client: FlaskClient, body: object, token: str = TOKEN) -> tuple[int, dict[str, object]]:
    """Give an operator's order; return status and answer."""
    answer = client.put("/circuit-control", data=json.dumps(body), headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.get_json()


def test_full_answer(client: FlaskClient) -> None:
    """Product and recommendations, in the order of the contract."""
    answer = client.get("/product-details/1").get_json()
    assert list(answer) == ["product", "recommendations", "degraded_mode", "timestamp"]
    assert (answer["product"], answer["recommendations"], answer["degraded_mode"]) == (KETTLE, [CUP], False)


@pytest.mark.parametrize(
    "error", [Unreachable("r", "is away"), DeadlineExceeded("r", "is late"), RequestRejected(404, "no")]
)
def test_degraded_answer(client: FlaskClient, sick: Sick, error: Exception) -> None:
    """Whatever happens to recommendations, the product is there."""
    sick.error = error
    answer = client.get("/product-details/1")
    assert answer.status_code == 200
    assert (answer.get_json()["recommendations"], answer.get_json()["degraded_mode"]) == ([], True)


@pytest.mark.parametrize(
    ("error", "status"), [(Unreachable("p", "is away"), 502), (DeadlineExceeded("p", "is late"), 504)]
)
def test_product_service_is_not_optional(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, error: DependencyError, status: int
) -> None:
    """Without the product there is no page."""

    def away(_service: ProductService, _product_id: int) -> Product:
        raise error

    monkeypatch.setattr(ProductService, "product", away)
    assert client.get("/product-details/1").status_code == status


def test_status_tells_the_story(client: FlaskClient, sick: Sick) -> None:
    """/circuit-status has every field of the contract, before and after a trip."""
    status = client.get("/circuit-status").get_json()
    assert status["name"] == "recommendations-service"
    assert (status["state"], status["control"], status["retry_in_s"]) == ("CLOSED", "automatic", None)
    assert (status["fail_max"], status["reset_timeout_s"], status["transitions"]) == (3, 3600, [])
    sick.error = Unreachable("recommendations-service", "is away")
    for _ in range(5):
        client.get("/product-details/1")
    status = client.get("/circuit-status").get_json()
    assert status["state"] == "OPEN"
    assert 3590 < status["retry_in_s"] <= 3600
    assert status["calls"] == {"successful": 0, "failed": 3, "late": 0, "short_circuited": 2}
    assert status["bulkhead"] == {"max_concurrent": 10, "refused": 0}
    (trip,) = status["transitions"]
    assert (trip["from"], trip["to"]) == ("CLOSED", "OPEN")
    assert trip["why"] == "3 consecutive failures: recommendations-service is away"


def test_metrics_tell_it_too(client: FlaskClient, sick: Sick, poll_until: PollUntil) -> None:
    """State, calls by kind, refusals, transitions and latency are on /metrics."""
    client.get("/product-details/1")
    sick.error = Unreachable("recommendations-service", "is away")
    for _ in range(5):
        client.get("/product-details/1")

    def lines() -> set[tuple[str, ...]]:
        return {_normal(line) for line in client.get("/metrics").get_data(as_text=True).splitlines()}

    name = 'name="recommendations-service"'
    expected = (
        f'circuitbreaker_state{{{name},state="OPEN"}} 1.0',
        f'circuitbreaker_state{{{name},state="CLOSED"}} 0.0',
        f'circuitbreaker_state{{{name},state="HALF-OPEN"}} 0.0',
        f'circuitbreaker_calls_total{{kind="successful",{name}}} 1.0',
        f'circuitbreaker_calls_total{{kind="failed",{name}}} 3.0',
        f"circuitbreaker_not_permitted_calls_total{{{name}}} 2.0",
        f'circuitbreaker_transitions_total{{from="CLOSED",{name},to="OPEN"}} 1.0',
        f'circuitbreaker_call_duration_seconds_count{{kind="failed",{name}}} 3.0',
        f"circuitbreaker_in_flight_calls{{{name}}} 0.0",
        f"bulkhead_refused_calls_total{{{name}}} 0.0",
        f"degraded_answers_total{{{name}}} 5.0",
    )
    for line in expected:
        poll_until(lambda line=line: _normal(line) in lines())


def _normal(line: str) -> tuple[str, ...]:
    """Return a metric line with its labels in a fixed order."""
    return tuple(sorted(line.replace("{", ",").replace("} ", ",").split(",")))


def test_trip_is_logged_with_its_reason(app: Flask, sick: Sick, poll_until: PollUntil) -> None:
    """A warning when the circuit opens; the request's own line says degraded, and the state."""
    sick.error = Unreachable("recommendations-service", "is away")
    with capture_logs() as logs:
        for _ in range(3):
            app.test_client().get("/product-details/1")
        poll_until(lambda: any(line["event"] == "circuit" for line in logs))
    (trip,) = [line for line in logs if line["event"] == "circuit"]
    assert (trip["log_level"], trip["from_state"], trip["to_state"]) == ("warning", "CLOSED", "OPEN")


def test_operator_forces_and_gives_back(client: FlaskClient) -> None:
    """Open, closed, automatic: each is answered with the state that it led to."""
    assert order(client, {"mode": "open"}) == (200, {"state": "OPEN", "control": "forced open"})
    assert client.get("/product-details/1").get_json()["degraded_mode"] is True
    assert order(client, {"mode": "closed"}) == (200, {"state": "CLOSED", "control": "forced closed"})
    assert client.get("/product-details/1").get_json()["degraded_mode"] is False
    assert order(client, {"mode": "automatic"}) == (200, {"state": "CLOSED", "control": "automatic"})


@pytest.mark.parametrize("token", ["", "wrong", "let-me-i", "let-me-in2", "\xe9"])
def test_operator_needs_the_token(client: FlaskClient, token: str) -> None:
    """A wrong or missing token changes nothing."""
    assert order(client, {"mode": "open"}, token)[0] == 401
    assert client.put("/circuit-control", data='{"mode": "open"}').status_code == 401
    assert client.get("/circuit-status").get_json()["state"] == "CLOSED"


@pytest.mark.parametrize("body", [None, [], {}, {"mode": "ajar"}, {"mode": "open", "for": 5}, "open"])
def test_order_that_is_none_is_refused(client: FlaskClient, body: object) -> None:
    """A body that is not an order gets 400 and a reason."""
    status, answer = order(client, body)
    assert status == 400
    assert answer["reason"]


def test_without_a_token_there_is_no_such_endpoint(sick: Sick) -> None:  # noqa: ARG001 - it must be there first
    """The endpoint is off unless a token is set."""
    client = create_app(Settings()).test_client()
    assert order(client, {"mode": "open"}, "")[0] == 404
