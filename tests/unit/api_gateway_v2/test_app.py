"""api-gateway-v2, the protected gateway, with stubs for the services that it calls."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr, ValidationError
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from api_gateway_v2.app import create_app
from api_gateway_v2.settings import Settings
from shopkit.errors import DeadlineExceeded, DependencyError, RequestRejected, Unreachable
from storefront.clients import ProductService, RecommendationsService
from storefront.products import Product

PollUntil = Callable[..., None]
THREADS = 4
TOKEN = "let-me-in"  # noqa: S105 - of these tests
KETTLE = Product(id=1, name="Kettle", category="Kitchen", price=10.0, description="Boils.")
CUP = Product(id=2, name="Cup", category="Kitchen", price=5.0, description="Holds.")


class RecommendationsHealth:
    """The error that recommendations raise, None while they are healthy."""

    error: Exception | None = None


@pytest.fixture
def sick(monkeypatch: pytest.MonkeyPatch) -> RecommendationsHealth:
    """Stub both services; recommendations raise `sick.error` if there is one."""
    health = RecommendationsHealth()

    def related_to(_service: RecommendationsService, _product_id: int) -> list[Product]:
        if health.error:
            raise health.error
        return [CUP]

    monkeypatch.setattr(ProductService, "product", lambda _service, _product_id: KETTLE)
    monkeypatch.setattr(ProductService, "products", lambda _service: [KETTLE, CUP])
    monkeypatch.setattr(RecommendationsService, "related_to", related_to)
    return health


@pytest.fixture
def app(sick: RecommendationsHealth) -> Flask:  # noqa: ARG001 - it must be there first
    """Return the gateway, with an operator's token and no probe during a test."""
    return create_app(Settings(operator_token=SecretStr(TOKEN), breaker_reset_timeout_s=3600, threads=THREADS))


def order(client: FlaskClient, body: object, token: str = TOKEN) -> tuple[int, dict[str, object]]:
    """Send an operator's order; return status and answer."""
    answer = client.put("/circuit-control", data=json.dumps(body), headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.get_json()


def test_returns_product_with_recommendations(client: FlaskClient) -> None:
    """The answer holds product, recommendations, degraded_mode and time, in this order."""
    answer = client.get("/product-details/1").get_json()
    assert list(answer) == ["product", "recommendations", "degraded_mode", "timestamp"]
    assert (answer["product"], answer["recommendations"], answer["degraded_mode"]) == (KETTLE, [CUP], False)


@pytest.mark.parametrize(
    "error", [Unreachable("r", "is away"), DeadlineExceeded("r", "is late"), RequestRejected(404, "no")]
)
def test_returns_degraded_answer_when_recommendations_fail(
    client: FlaskClient, sick: RecommendationsHealth, error: Exception
) -> None:
    """However recommendations fail, the answer is 200 with the product and an empty list, and says so."""
    sick.error = error
    answer = client.get("/product-details/1")
    assert answer.status_code == 200
    assert (answer.get_json()["recommendations"], answer.get_json()["degraded_mode"]) == ([], True)
    assert answer.get_json()["fallback"] == "empty"


@pytest.mark.parametrize(
    ("error", "status"), [(Unreachable("p", "is away"), 502), (DeadlineExceeded("p", "is late"), 504)]
)
def test_fails_when_the_product_service_fails(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, error: DependencyError, status: int
) -> None:
    """Without the product service the answer is 502, or 504 when it is late."""

    def away(_service: ProductService, _product_id: int) -> Product:
        raise error

    monkeypatch.setattr(ProductService, "product", away)
    assert client.get("/product-details/1").status_code == status


def test_circuit_status_shows_every_field(client: FlaskClient, sick: RecommendationsHealth) -> None:
    """GET /circuit-status has every field of the contract before and after a trip."""
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
    assert status["calls"] == {"successful": 0, "failed": 3, "ignored": 0, "late": 0, "short_circuited": 2}
    assert status["bulkhead"] == {"taken": 0, "max_concurrent": 10, "overdue_after_s": 0.1, "refused": 0}
    (trip,) = status["transitions"]
    assert (trip["from"], trip["to"]) == ("CLOSED", "OPEN")
    assert trip["why"] == "3 consecutive failures: recommendations-service is away"
    assert status.pop("fleet") is None
    recommendations, products = status.pop("circuits")
    assert recommendations == status, "the first circuit is at the top as well"
    assert (products["name"], products["state"], products["calls"]["successful"]) == ("product-service", "CLOSED", 5)


def test_metrics_show_the_circuit(client: FlaskClient, sick: RecommendationsHealth, poll_until: PollUntil) -> None:
    """GET /metrics has state, calls by kind, refusals, transitions, durations, answers and probes."""
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
        f"full_answers_total{{{name}}} 1.0",
        f"degraded_answers_total{{{name}}} 5.0",
        f'circuitbreaker_probes_total{{kind="failed",{name}}} 0.0',
        'circuitbreaker_state{name="product-service",state="CLOSED"} 1.0',
        'circuitbreaker_calls_total{kind="successful",name="product-service"} 6.0',
    )
    for line in expected:
        poll_until(lambda line=line: _normal(line) in lines())


def _normal(line: str) -> tuple[str, ...]:
    """Return a metric line with its labels in a fixed order."""
    return tuple(sorted(line.replace("{", ",").replace("} ", ",").split(",")))


def test_logs_a_trip_with_its_reason(app: Flask, sick: RecommendationsHealth, poll_until: PollUntil) -> None:
    """A trip is a warning in the log, with both states and the reason."""
    sick.error = Unreachable("recommendations-service", "is away")
    with capture_logs() as logs:
        for _ in range(3):
            app.test_client().get("/product-details/1")
        poll_until(lambda: any(line["event"] == "circuit" for line in logs))
    (trip,) = [line for line in logs if line["event"] == "circuit"]
    assert (trip["log_level"], trip["from_state"], trip["to_state"]) == ("warning", "CLOSED", "OPEN")
    assert trip["why"] == "3 consecutive failures: recommendations-service is away"


def test_request_line_says_degraded_and_circuit(app: Flask, sick: RecommendationsHealth) -> None:
    """The log line of a request for product details has `degraded` and the circuit's state; others have neither."""
    client = app.test_client()
    with capture_logs([merge_contextvars]) as logs:
        client.get("/product-details/1")
        sick.error = Unreachable("recommendations-service", "is away")
        client.get("/product-details/1")
        client.get("/health")
    full, degraded, other = [line for line in logs if line["event"] == "request"]
    assert (full["degraded"], full["circuit"]) == (False, "CLOSED")
    assert (degraded["degraded"], degraded["circuit"]) == (True, "CLOSED")
    assert "degraded" not in other


def test_probe_runs_in_the_background(sick: RecommendationsHealth, poll_until: PollUntil) -> None:
    """The circuit opens, probes by itself after the cooldown, and closes once recommendations are healthy."""
    client = create_app(Settings(breaker_reset_timeout_s=0.01, threads=THREADS)).test_client()
    sick.error = Unreachable("recommendations-service", "is away")
    for _ in range(3):
        client.get("/product-details/1")
    sick.error = None
    poll_until(lambda: client.get("/circuit-status").get_json()["state"] == "CLOSED")
    whys = [transition["why"] for transition in client.get("/circuit-status").get_json()["transitions"]]
    assert whys[-1] == "probe succeeded"


def test_operator_forces_the_circuit(client: FlaskClient) -> None:
    """Each order takes effect at once, and its answer has the state it led to."""
    assert order(client, {"mode": "open"}) == (200, {"state": "OPEN", "control": "forced open"})
    assert client.get("/product-details/1").get_json()["degraded_mode"] is True
    assert order(client, {"mode": "closed"}) == (200, {"state": "CLOSED", "control": "forced closed"})
    assert client.get("/product-details/1").get_json()["degraded_mode"] is False
    assert order(client, {"mode": "automatic"}) == (200, {"state": "CLOSED", "control": "automatic"})


def test_operator_names_a_circuit(client: FlaskClient) -> None:
    """An order may name a circuit; with that of the needed service open, pages are refused with a Retry-After."""
    assert order(client, {"mode": "open", "circuit": "product-service"})[0] == 200
    refused = client.get("/product-details/1")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert client.get("/products").status_code == 503
    assert client.get("/circuit-status").get_json()["calls"]["successful"] == 0, "nobody wants recommendations"
    assert client.get("/circuit-status").get_json()["state"] == "CLOSED"

    status, answer = order(client, {"mode": "open", "circuit": "payment-service"})
    assert (status, answer["allowed"]) == (400, ["recommendations-service", "product-service"])


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"recommendations_fallback": "last-known"}, {"recommendations": [CUP], "fallback": "last-known"}),
        (
            {"recommendations_fallback": "popular", "recommendations_popular": "2,1"},
            {"recommendations": [CUP], "fallback": "popular"},
        ),
    ],
)
def test_settings_choose_the_fallback(
    sick: RecommendationsHealth, settings: dict[str, str], expected: dict[str, object], poll_until: PollUntil
) -> None:
    """A degraded answer says which fallback it has, and how old a repeated answer is."""
    client = create_app(Settings(threads=THREADS, **settings)).test_client()  # type: ignore[arg-type]
    assert "fallback" not in client.get("/product-details/1").get_json()
    sick.error = Unreachable("recommendations-service", "is away")

    poll_until(lambda: client.get("/product-details/1").get_json()["fallback"] == settings["recommendations_fallback"])
    answer = client.get("/product-details/1").get_json()
    assert answer["degraded_mode"] is True
    assert answer | expected == answer
    assert ("fallback_age_s" in answer) == (answer["fallback"] == "last-known")


@pytest.mark.parametrize("popular", ["1,x", "0", "1,,2", "1;2"])
def test_rejects_popular_products_that_are_no_ids(popular: str) -> None:
    """The popular products are numbers from 1 on, separated by commas."""
    with pytest.raises(ValidationError, match="recommendations_popular"):
        Settings(recommendations_popular=popular)


@pytest.mark.parametrize("token", ["", "let-me-i", "\xe9"])
def test_rejects_wrong_operator_token(client: FlaskClient, token: str) -> None:
    """An order with a wrong or missing token gets 401 and changes nothing."""
    assert order(client, {"mode": "open"}, token)[0] == 401
    refused = client.put("/circuit-control", data='{"mode": "open"}')
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert client.get("/circuit-status").get_json()["state"] == "CLOSED"


@pytest.mark.parametrize("body", [None, {}, {"mode": "ajar"}, {"mode": "open", "for": 5}])
def test_rejects_invalid_order(client: FlaskClient, body: object) -> None:
    """A body that is not an order gets 400 with a reason."""
    status, answer = order(client, body)
    assert status == 400
    assert answer["reason"]


def test_has_no_operator_endpoint_without_a_token(sick: RecommendationsHealth) -> None:  # noqa: ARG001 - it must be there first
    """PUT /circuit-control answers 404 unless a token is set."""
    client = create_app(Settings(threads=THREADS)).test_client()
    assert order(client, {"mode": "open"}, "")[0] == 404
