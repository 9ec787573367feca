"""Service B with a stub of service A."""

import logging
from collections.abc import Callable

import pytest
import requests
from flask.testing import FlaskClient

ServiceA = Callable[..., requests.Response]


def answering(status: int, body: bytes) -> ServiceA:
    """Return a service A with this answer to everything."""

    def answer(_url: str, **_how: object) -> requests.Response:
        response = requests.Response()
        response.status_code = status
        response._content = body
        return response

    return answer


def failing(error: requests.RequestException) -> ServiceA:
    """Return a service A that fails like this."""

    def fail(_url: str, **_how: object) -> requests.Response:
        raise error

    return fail


def unexpected(_url: str, **_how: object) -> requests.Response:
    """Stand for a service A that must not be asked."""
    pytest.fail("service A was asked")


def test_health_does_not_call_service_a(service_b: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Service B is healthy without calling A."""
    monkeypatch.setattr(requests, "get", unexpected)
    assert service_b.get("/health").json == {"status": "ok"}


def test_passes_on_answer(service_b: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer has the message and what A made of it, in this order and to the byte."""
    monkeypatch.setattr(requests, "get", answering(200, b'{"echo":"hello"}'))
    response = service_b.get("/call-echo?msg=hello")
    assert response.status_code == 200
    assert response.data == b'{"msg":"hello","echo_response":{"echo":"hello"}}\n'


def test_calls_service_a_with_timeout(service_b: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The call goes to /echo with the message and a timeout of two seconds."""
    asked: list[tuple[str, dict[str, object]]] = []

    def get(url: str, **how: object) -> requests.Response:
        asked.append((url, how))
        return answering(200, b"{}")(url)

    monkeypatch.setattr(requests, "get", get)
    service_b.get("/call-echo?msg=a%26b")
    assert asked == [("http://127.0.0.1:8080/echo", {"params": {"msg": "a&b"}, "timeout": 2})]


@pytest.mark.parametrize("path", ["/call-echo", "/call-echo?msg="])
def test_rejects_missing_message(service_b: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Without a message the answer is 400, and A is not called."""
    monkeypatch.setattr(requests, "get", unexpected)
    response = service_b.get(path)
    assert (response.status_code, response.json) == (400, {"error": "Missing 'msg' parameter"})


@pytest.mark.parametrize(
    ("service_a", "details"),
    [
        (failing(requests.ReadTimeout("read timed out")), "Timeout error: read timed out"),
        (failing(requests.ConnectTimeout("connect timed out")), "Timeout error: connect timed out"),
        (failing(requests.ConnectionError("refused")), "Connection error: refused"),
        (failing(requests.exceptions.ChunkedEncodingError("cut off")), "Request error: cut off"),
        (answering(500, b"{}"), "Request error: 500 Server Error"),
        (answering(200, b"<html>"), "Request error: Expecting value"),
    ],
)
def test_failures_have_one_form(
    service_b: FlaskClient, monkeypatch: pytest.MonkeyPatch, service_a: ServiceA, details: str
) -> None:
    """Every failure of A is a 503 with the same error, and details that distinguish them."""
    monkeypatch.setattr(requests, "get", service_a)
    response = service_b.get("/call-echo?msg=hello")
    assert response.status_code == 503
    answer = response.get_json()
    assert list(answer) == ["error", "details"]
    assert answer["error"] == "Service A unavailable"
    assert answer["details"].startswith(details)


def test_logs_failed_call(
    service_b: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has address, timeout and exception of the call, then status and latency of the request."""
    monkeypatch.setattr(requests, "get", failing(requests.ReadTimeout("read timed out")))
    with caplog.at_level(logging.INFO, "service_b"):
        service_b.get("/call-echo?msg=hello")
    started, calling, failed, finished = (record.getMessage() for record in caplog.records)
    assert started == "GET /call-echo started"
    assert calling == "calling http://127.0.0.1:8080/echo timeout=2s"
    assert failed == "call failed http://127.0.0.1:8080/echo timeout=2s ReadTimeout: read timed out"
    assert finished.startswith("GET /call-echo 503 ")
