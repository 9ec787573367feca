"""recommendations-service through its test client: related products, and the faults that can be put in their way."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from recommendations_service.app import create_app
from recommendations_service.faults import Drip, Error, Fault, FaultInjector, Hang, Malformed, Slow
from recommendations_service.related import Recommendations
from recommendations_service.settings import Settings
from shopkit.errors import ApiError

RELATED_TO_1 = [product.model_dump() for product in Recommendations.read().related_to(1)]
EACH_FAULT = [
    ({"kind": "hang", "rate": 1.0, "delay_s": 30.0}, {"kind": "hang"}),
    ({"kind": "slow", "rate": 1.0, "delay_s": 1.0}, {"kind": "slow"}),
    ({"kind": "error", "rate": 1.0, "status": 500}, {"kind": "error"}),
    ({"kind": "malformed", "rate": 1.0}, {"kind": "malformed"}),
    ({"kind": "drip", "rate": 1.0, "interval_s": 1.0}, {"kind": "drip"}),
    ({"kind": "hang", "rate": 0.25, "delay_s": 300.0}, {"kind": "hang", "rate": 0.25, "delay_s": 300}),
    ({"kind": "error", "rate": 1.0, "status": 429}, {"kind": "error", "status": 429}),
]


@pytest.fixture
def sleeps() -> list[float]:
    """Return the waits that faults would have made."""
    return []


@pytest.fixture
def app(sleeps: list[float]) -> Flask:
    """Return the service; its faults note how long they would wait."""
    return create_app(Settings(), sleep=sleeps.append)


def test_answers_with_related_products(client: FlaskClient) -> None:
    """GET /recommendations/{id} answers with whole products."""
    answer = client.get("/recommendations/1")

    assert (answer.status_code, answer.json) == (200, RELATED_TO_1)


@pytest.mark.parametrize(("product_id", "status"), [("999999999", 404), ("0", 400), ("abc", 400), ("%00", 400)])
def test_a_bad_or_unknown_id_is_told_even_during_a_fault(client: FlaskClient, product_id: str, status: int) -> None:
    """Faults hit good requests; wrong ones get their JSON error."""
    client.put("/faults", json={"kind": "malformed"})

    answer = client.get(f"/recommendations/{product_id}")

    assert answer.status_code == status
    assert "error" in (answer.json or {})


def test_there_is_no_fault_at_first(client: FlaskClient) -> None:
    """A service that was told nothing works."""
    assert client.get("/faults").json == {"fault": None}


@pytest.mark.parametrize(("fault", "put"), EACH_FAULT)
def test_a_fault_can_be_put_in_read_and_taken_out(
    client: FlaskClient, put: dict[str, object], fault: dict[str, object]
) -> None:
    """PUT answers with the fault in full, defaults and all; GET repeats it; DELETE ends it, also a second time."""
    answers = [
        client.put("/faults", json=put),
        client.get("/faults"),
        client.delete("/faults"),
        client.delete("/faults"),
        client.get("/faults"),
    ]

    assert [answer.status_code for answer in answers] == [200] * 5
    assert [answer.json for answer in answers] == [{"fault": fault}] * 2 + [{"fault": None}] * 3


def test_a_second_fault_takes_the_place_of_the_first(client: FlaskClient) -> None:
    """There is one fault at a time."""
    client.put("/faults", json={"kind": "hang"})
    client.put("/faults", json={"kind": "error", "status": 503})

    assert client.get("/recommendations/1").status_code == 503


@pytest.mark.parametrize(
    ("fault", "status", "body", "waits"),
    [
        ({"kind": "hang"}, 408, {"error": "Service timeout"}, [30.0]),
        ({"kind": "hang", "delay_s": 5}, 408, {"error": "Service timeout"}, [5.0]),
        ({"kind": "slow", "delay_s": 0.5}, 200, RELATED_TO_1, [0.5]),
        ({"kind": "error"}, 500, {"error": "injected fault"}, []),
        ({"kind": "error", "status": 404}, 404, {"error": "injected fault"}, []),
        ({"kind": "drip", "interval_s": 2}, 200, RELATED_TO_1, [2.0] * len(json.dumps(RELATED_TO_1))),
    ],
)
def test_what_a_fault_does(  # noqa: PLR0913, PLR0917 - a table's columns and two fixtures
    client: FlaskClient,
    sleeps: list[float],
    fault: dict[str, object],
    status: int,
    body: object,
    waits: list[float],
) -> None:
    """Each kind waits and answers as it says, and the answer is JSON."""
    client.put("/faults", json=fault)

    answer = client.get("/recommendations/1")

    assert (answer.status_code, answer.json) == (status, body)
    assert answer.content_type == "application/json"
    assert sleeps == waits


def test_a_malformed_answer_only_claims_to_be_json(client: FlaskClient) -> None:
    """It has status 200 and the right content type, and can't be parsed."""
    client.put("/faults", json={"kind": "malformed"})

    answer = client.get("/recommendations/1")

    assert (answer.status_code, answer.content_type) == (200, "application/json")
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.data)


def test_a_dripping_answer_has_its_first_byte_before_the_last_wait(client: FlaskClient, sleeps: list[float]) -> None:
    """The answer is streamed: headers and bytes arrive while it is being made."""
    client.put("/faults", json={"kind": "drip"})

    answer = client.get("/recommendations/1", buffered=False)
    first = next(iter(answer.response))
    answer.close()

    assert first in {b"[", "["}
    assert len(sleeps) < len(json.dumps(RELATED_TO_1))


@pytest.mark.parametrize("path", ["/health", "/ready", "/faults", "/metrics"])
def test_a_fault_leaves_the_other_routes_alone(client: FlaskClient, sleeps: list[float], path: str) -> None:
    """The service stays alive, ready and under control while its recommendations fail."""
    client.put("/faults", json={"kind": "hang"})

    assert client.get(path).status_code == 200
    assert not sleeps


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", ""),
        (b"not JSON", ""),
        (b"\xff", ""),
        (b"[]", ""),
        (b"null", ""),
        (b'"hang"', ""),
        (b"{}", ""),
        (b'{"kind": "earthquake"}', ""),
        (b'{"kind": null}', ""),
        (b'{"kind": "hang", "colour": "red"}', "hang.colour"),
        (b'{"kind": "malformed", "delay_s": 1}', "malformed.delay_s"),
        (b'{"kind": "hang", "rate": 0}', "hang.rate"),
        (b'{"kind": "hang", "rate": -0.5}', "hang.rate"),
        (b'{"kind": "hang", "rate": 2}', "hang.rate"),
        (b'{"kind": "hang", "rate": NaN}', "hang.rate"),
        (b'{"kind": "hang", "rate": null}', "hang.rate"),
        (b'{"kind": "hang", "delay_s": 0}', "hang.delay_s"),
        (b'{"kind": "hang", "delay_s": -1}', "hang.delay_s"),
        (b'{"kind": "hang", "delay_s": 301}', "hang.delay_s"),
        (b'{"kind": "slow", "delay_s": 1e99}', "slow.delay_s"),
        (b'{"kind": "slow", "delay_s": Infinity}', "slow.delay_s"),
        (b'{"kind": "slow", "delay_s": NaN}', "slow.delay_s"),
        (b'{"kind": "slow", "delay_s": "x"}', "slow.delay_s"),
        (b'{"kind": "slow", "delay_s": []}', "slow.delay_s"),
        (b'{"kind": "drip", "interval_s": -1}', "drip.interval_s"),
        (b'{"kind": "drip", "interval_s": "x"}', "drip.interval_s"),
        (b'{"kind": "error", "status": 200}', "error.status"),
        (b'{"kind": "error", "status": 600}', "error.status"),
        (b'{"kind": "error", "status": 500.5}', "error.status"),
        pytest.param(b"[" * 100_000, "", id="100000 brackets"),
    ],
)
def test_a_bad_fault_is_refused_and_changes_nothing(client: FlaskClient, body: bytes, field: str) -> None:
    """400 names the field and the reason, in JSON, and the fault from before stays."""
    before = client.put("/faults", json={"kind": "error", "status": 503}).json

    answer = client.put("/faults", data=body)

    assert answer.status_code == 400
    refusal = answer.json or {}
    assert refusal.pop("reason")
    assert refusal == {"error": "not a fault", "field": field}
    assert client.get("/faults").json == before


@pytest.mark.parametrize(("value", "kind"), [("true", "hang"), ("1", "hang"), ("false", None)])
def test_simulate_failure_starts_with_the_hang(
    monkeypatch: pytest.MonkeyPatch, sleeps: list[float], value: str, kind: str | None
) -> None:
    """SIMULATE_FAILURE=true has the service hang from the start, until the fault is taken out."""
    monkeypatch.setenv("SIMULATE_FAILURE", value)
    client = create_app(sleep=sleeps.append).test_client()

    fault = (client.get("/faults").json or {})["fault"]
    statuses = [client.get("/recommendations/1").status_code]
    client.delete("/faults")
    statuses.append(client.get("/recommendations/1").status_code)

    assert (fault and fault["kind"]) == kind
    assert statuses == ([408, 200] if kind else [200, 200])
    assert sleeps == ([30.0] if kind else [])


@pytest.mark.parametrize(
    ("rate", "drawn", "hit"),
    [
        (1.0, 0.0, True),
        (1.0, 0.999999, True),
        (0.5, 0.49, True),
        (0.5, 0.5, False),
        (0.5, 0.99, False),
        (0.01, 0, True),
    ],
)
@pytest.mark.parametrize(
    "fault_of", [lambda rate: Error(rate=rate), lambda rate: Hang(rate=rate), lambda rate: Malformed(rate=rate)]
)
def test_a_fault_hits_its_share_of_the_calls(
    rate: float, drawn: float, hit: bool, fault_of: Callable[[float], Fault]
) -> None:
    """A call is hit when its chance is under the fault's rate; the others get the right answer."""
    faults = FaultInjector(fault_of(rate), sleep=lambda _seconds: None, rng=lambda: drawn)

    try:
        answer: list[dict[str, Any]] | Response | None = faults.answer(RELATED_TO_1)
    except ApiError:
        answer = None

    assert (answer is not RELATED_TO_1) is hit


@pytest.mark.parametrize("fault", [Slow(rate=0.5), Drip(rate=0.5)])
def test_a_call_that_is_spared_does_not_wait(fault: Fault, sleeps: list[float]) -> None:
    """The right answer comes at once to a call that the fault does not hit."""
    faults = FaultInjector(fault, sleep=sleeps.append, rng=lambda: 0.9)

    assert faults.answer(RELATED_TO_1) is RELATED_TO_1
    assert not sleeps


def test_a_call_in_a_fault_stays_in_it() -> None:
    """Taking the fault out while a call hangs does not save that call; the next one is well."""

    def take_out(_seconds: float) -> None:
        faults.fault = None

    faults = FaultInjector(Hang(), sleep=take_out)

    with pytest.raises(ApiError, match="Service timeout"):
        faults.answer(RELATED_TO_1)
    assert faults.answer(RELATED_TO_1) is RELATED_TO_1
