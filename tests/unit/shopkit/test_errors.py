"""Every error is answered in JSON."""

from collections.abc import Callable

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from shopkit.errors import ApiError, BadAnswer, DeadlineExceeded, RequestRejected, Unreachable
from shopkit.service import create_service

Raises = Callable[[BaseException], None]


@pytest.fixture
def app() -> Flask:
    """Return a service without routes of its own."""
    return create_service("shop")


@pytest.fixture
def on_get(app: Flask) -> Raises:
    """Return a function that says what GET /it raises."""

    def on_get(error: BaseException) -> None:
        def it() -> str:
            raise error

        app.add_url_rule("/it", view_func=it)

    return on_get


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (ApiError(400, "not a thing"), 400, {"error": "not a thing"}),
        (ApiError(404, "no such thing", id=7), 404, {"error": "no such thing", "id": 7}),
        (ApiError(500, "Failed", reason="broken"), 500, {"error": "Failed", "reason": "broken"}),
        (RequestRejected(404, "no such product"), 404, {"error": "no such product"}),
        (RequestRejected(422, "rejected"), 422, {"error": "rejected"}),
        (Unreachable("depot", "is gone"), 502, {"error": "depot is gone", "dependency": "depot"}),
        (BadAnswer("depot", "answered 500"), 502, {"error": "depot answered 500", "dependency": "depot"}),
        (DeadlineExceeded("depot", "is late"), 504, {"error": "depot is late", "dependency": "depot"}),
        (RuntimeError("a secret detail"), 500, {"error": "internal error"}),
    ],
)
def test_an_error_has_its_status_and_json(
    client: FlaskClient, on_get: Raises, error: BaseException, status: int, body: dict[str, object]
) -> None:
    """The status tells the kind, the body says what happened, and a bug tells nothing about our insides."""
    on_get(error)

    answer = client.get("/it")

    assert answer.status_code == status
    assert answer.content_type == "application/json"
    assert answer.json == body


def test_a_bug_is_logged_with_its_traceback(client: FlaskClient, on_get: Raises) -> None:
    """The operator reads what the client is not told."""
    on_get(RuntimeError("a secret detail"))

    with capture_logs() as lines:
        client.get("/it")

    assert [(line["log_level"], line["exc_info"]) for line in lines if line["event"] == "unexpected error"] == [
        ("error", True)
    ]


def test_an_unknown_path_is_not_found(client: FlaskClient) -> None:
    """404 for a path that is none is JSON as well."""
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert answer.json == {"error": "Not Found"}


def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient) -> None:
    """405 is JSON and keeps the Allow header."""
    answer = client.post("/health")

    assert answer.status_code == 405
    assert answer.json == {"error": "Method Not Allowed"}
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_description_of_our_own_is_told(app: Flask, client: FlaskClient) -> None:
    """What a route says when it aborts reaches the client instead of the status's name."""
    app.add_url_rule("/teapot", view_func=lambda: abort(418, "short and stout"))

    answer = client.get("/teapot")

    assert (answer.status_code, answer.json) == (418, {"error": "short and stout"})
