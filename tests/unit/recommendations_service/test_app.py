"""recommendations-service through its test client: related products, and /faults."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from recommendations_service.app import create_app
from recommendations_service.related import Recommendations
from recommendations_service.settings import Settings
from shopkit.faults.callers import MOST_UNDER_TEST
from shopkit.metrics_reader import Metrics
from support.problems import a_problem

RELATED_TO_1 = [product.model_dump() for product in Recommendations.read().related_to(1)]


@pytest.fixture
def sleeps() -> list[float]:
    """Return the waits of the faults, in seconds."""
    return []


@pytest.fixture
def app(sleeps: list[float]) -> Flask:
    """Return the service, whose faults record their waits instead of sleeping."""
    return create_app(Settings(), sleep=sleeps.append)


def test_answers_with_related_products(client: FlaskClient) -> None:
    """GET /recommendations/{id} answers with whole products."""
    answer = client.get("/recommendations/1")

    assert (answer.status_code, answer.json) == (200, RELATED_TO_1)


@pytest.mark.parametrize(("product_id", "status"), [("999999999", 404), ("abc", 400)])
def test_rejects_bad_id_during_fault(client: FlaskClient, product_id: str, status: int) -> None:
    """A fault hits valid requests only: an unknown or malformed id keeps its JSON error."""
    client.put("/faults", json={"kind": "malformed"})

    answer = client.get(f"/recommendations/{product_id}")

    assert answer.status_code == status
    assert "error" in (answer.json or {})


def test_sets_shows_and_removes_fault(client: FlaskClient) -> None:
    """PUT sets the fault and answers with all its fields, GET repeats them, and DELETE may be repeated."""
    answers = [
        client.get("/faults"),
        client.put("/faults", json={"kind": "hang", "rate": 0.25}),
        client.get("/faults"),
        client.delete("/faults"),
        client.delete("/faults"),
    ]

    fault = {"fault": {"kind": "hang", "rate": 0.25, "delay_s": 30.0}}
    assert [answer.status_code for answer in answers] == [200] * 5
    assert [answer.json for answer in answers] == [{"fault": None}, fault, fault, {"fault": None}, {"fault": None}]


def test_second_fault_replaces_first(client: FlaskClient) -> None:
    """Only one fault is active at a time."""
    client.put("/faults", json={"kind": "hang"})
    client.put("/faults", json={"kind": "error", "status": 503})

    assert client.get("/recommendations/1").status_code == 503


def test_fault_hits_recommendations(client: FlaskClient, sleeps: list[float]) -> None:
    """A fault hits the calls for recommendations."""
    client.put("/faults", json={"kind": "hang", "delay_s": 5})

    answer = client.get("/recommendations/1")

    assert (answer.status_code, answer.json) == (408, a_problem(408, "Service timeout"))
    assert sleeps == [5.0]


def test_fault_spares_other_routes(client: FlaskClient, sleeps: list[float]) -> None:
    """The service stays ready while its recommendations hang."""
    client.put("/faults", json={"kind": "hang"})

    assert client.get("/ready").status_code == 200
    assert not sleeps


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"not JSON", ""),
        (b'{"kind": "earthquake"}', "kind"),
        (b'{"kind": "hang", "colour": "red"}', "hang.colour"),
        (b'{"kind": "error", "status": 200}', "error.status"),
        (b'{"kind": "error", "rate": "0.5"}', "error.rate"),
        pytest.param(b"[" * 100_000, "", id="100000 brackets"),
    ],
)
def test_rejects_invalid_fault(client: FlaskClient, body: bytes, field: str) -> None:
    """An invalid fault gives 400 with the field and the reason, and the fault from before stays."""
    before = client.put("/faults", json={"kind": "error", "status": 503}).json

    answer = client.put("/faults", data=body)

    assert answer.status_code == 400
    refusal = answer.json or {}
    assert refusal.pop("reason")
    assert refusal == a_problem(400, "not a fault", field=field)
    assert client.get("/faults").json == before


@pytest.mark.parametrize(("value", "statuses"), [("true", [408, 200]), ("false", [200, 200])])
def test_simulate_failure_starts_with_hang(
    monkeypatch: pytest.MonkeyPatch, sleeps: list[float], value: str, statuses: list[int]
) -> None:
    """With SIMULATE_FAILURE=true the service hangs from its start until the fault is removed."""
    monkeypatch.setenv("SIMULATE_FAILURE", value)
    client = create_app(sleep=sleeps.append).test_client()

    before = client.get("/recommendations/1").status_code
    client.delete("/faults")
    after = client.get("/recommendations/1").status_code

    assert [before, after] == statuses
    assert sleeps == ([30.0] if before == 408 else [])


def test_counts_calls_on_arrival(client: FlaskClient) -> None:
    """Calls are counted by gateway and kind of fault, and a caller that is no gateway counts as "other"."""
    client.get("/recommendations/1", headers={"User-Agent": "api-gateway-v1"})
    client.put("/faults", json={"kind": "error"})
    client.get("/recommendations/1", headers={"User-Agent": "curl/8"})

    metrics = client.get("/metrics").text
    assert 'recommendations_calls_total{caller="api-gateway-v1",fault="none"} 1.0' in metrics
    assert 'recommendations_calls_total{caller="other",fault="error"} 1.0' in metrics


def test_counts_gateways_under_test_by_name(client: FlaskClient) -> None:
    """Each gateway under test is counted by its name, but only so many names become labels, and no others."""
    names = [f"under-test-{number}" for number in range(MOST_UNDER_TEST + 1)]
    for name in (*names, *names, "under-test-", "under-test-A", "under-test-" + "a" * 33):
        client.get("/recommendations/1", headers={"User-Agent": name})

    metrics = Metrics(client.get("/metrics").text)
    counted = {sample.labels["caller"]: sample.value for sample in metrics.samples("recommendations_calls_total")}
    assert counted == {**dict.fromkeys(names[:-1], 2.0), "other": 5.0}
