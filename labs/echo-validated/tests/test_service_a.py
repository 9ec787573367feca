"""Service A on its own."""

import logging
import time

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/health", {"status": "ok"}),
        ("/echo?msg=%E2%9C%93%26%3D", {"echo": "✓&="}),
        ("/echo", {"echo": ""}),
    ],
)
def test_answers(service_a: FlaskClient, path: str, answer: dict[str, str]) -> None:
    """Service A is healthy and echoes a message, which may be empty."""
    response = service_a.get(path)
    assert (response.status_code, response.json) == (200, answer)


def test_delay_slows_every_echo(service_a: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """After PUT /delay every echo waits that long, and after a delay of 0 it does not wait."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    for delay_ms in (1500, 0):
        assert service_a.put(f"/delay?ms={delay_ms}").json == {"delay_ms": delay_ms}
        service_a.get("/echo?msg=x")
    assert waited == [1.5, 0]


@pytest.mark.parametrize("delay", ["", "?ms=-1", "?ms=10001"])
def test_rejects_invalid_delay(service_a: FlaskClient, delay: str) -> None:
    """A delay is a whole number of milliseconds, up to ten seconds."""
    response = service_a.put(f"/delay{delay}")
    assert (response.status_code, response.json) == (400, {"error": "'ms' must be a whole number from 0 to 10000"})


def test_answers_framework_errors_in_json(service_a: FlaskClient) -> None:
    """An unknown address and a wrong method are answered in JSON."""
    assert service_a.get("/nowhere").json == {"error": "Not Found"}
    assert service_a.post("/echo").json == {"error": "Method Not Allowed"}


def test_logs_every_request(service_a: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """A line has method, path, status and latency, and a path cannot forge a second line."""
    with caplog.at_level(logging.INFO, "service_a"):
        service_a.get("/echo?msg=hello")
        service_a.get("/x%0AINFO service_a GET /forged")
    first, second = (record.getMessage() for record in caplog.records)
    assert first.startswith("GET /echo 200 ")
    assert first.endswith("ms")
    assert second.startswith("GET /x%0AINFO%20service_a%20GET%20/forged 404 ")
