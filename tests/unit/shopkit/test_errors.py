"""Every error is answered in JSON."""

from collections.abc import Callable

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from shopkit.errors import ApiError, DeadlineExceeded, RequestRejected, Unreachable
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
        (ApiError(404, "no such thing", id=7), 404, {"error": "no such thing", "id": 7}),
        (RequestRejected(422, "rejected"), 422, {"error": "rejected"}),
        (Unreachable("depot", "is gone"), 502, {"error": "depot is gone", "dependency": "depot"}),
        (DeadlineExceeded("depot", "is late"), 504, {"error": "depot is late", "dependency": "depot"}),
        (RuntimeError("a secret detail"), 500, {"error": "internal error"}),
    ],
)
def test_answers_error_in_json(
    client: FlaskClient, on_get: Raises, error: BaseException, status: int, body: dict[str, object]
) -> None:
    """Each kind of error has its status and a JSON body, and an unexpected one reveals nothing."""
    on_get(error)

    answer = client.get("/it")

    assert answer.status_code == status
    assert answer.content_type == "application/json"
    assert answer.json == body


def test_logs_unexpected_error_with_traceback(client: FlaskClient, on_get: Raises) -> None:
    """An unexpected error is logged with the traceback that the client does not see."""
    on_get(RuntimeError("a secret detail"))

    with capture_logs() as lines:
        client.get("/it")

    assert [(line["log_level"], line["exc_info"]) for line in lines if line["event"] == "unexpected error"] == [
        ("error", True)
    ]


def test_answers_unknown_path_in_json(client: FlaskClient) -> None:
    """Flask's own 404 becomes JSON."""
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert answer.json == {"error": "Not Found"}


def test_wrong_method_keeps_allow_header(client: FlaskClient) -> None:
    """Flask's own 405 becomes JSON and keeps its Allow header."""
    answer = client.post("/health")

    assert answer.status_code == 405
    assert answer.json == {"error": "Method Not Allowed"}
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_aborting_route_sets_message(app: Flask, client: FlaskClient) -> None:
    """The description that a route aborts with replaces the name of the status."""
    app.add_url_rule("/teapot", view_func=lambda: abort(418, "short and stout"))

    answer = client.get("/teapot")

    assert (answer.status_code, answer.json) == (418, {"error": "short and stout"})
