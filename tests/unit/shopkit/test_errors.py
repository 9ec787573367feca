"""Every error is answered with problem details."""

from collections.abc import Callable

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from shopkit.errors import ApiError, CallRefused, DeadlineExceeded, RequestRejected, Unreachable
from shopkit.service import create_service
from support.problems import a_problem

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
        (ApiError(404, "no such thing", id=7), 404, a_problem(404, "no such thing", id=7)),
        (RequestRejected(422, "rejected"), 422, a_problem(422, "rejected")),
        (Unreachable("depot", "is gone"), 502, a_problem(502, "depot is gone", dependency="depot")),
        (DeadlineExceeded("depot", "is late"), 504, a_problem(504, "depot is late", dependency="depot")),
        (RuntimeError("a secret detail"), 500, a_problem(500, "internal error")),
    ],
)
def test_answers_error_with_problem_details(
    client: FlaskClient, on_get: Raises, error: BaseException, status: int, body: dict[str, object]
) -> None:
    """Each kind of error has its status and problem details, and an unexpected one reveals nothing."""
    on_get(error)

    answer = client.get("/it")

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
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
    """Flask's own 404 becomes a problem."""
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert answer.json == a_problem(404, "Not Found")


def test_wrong_method_keeps_allow_header(client: FlaskClient) -> None:
    """Flask's own 405 becomes a problem and keeps its Allow header."""
    answer = client.post("/health")

    assert answer.status_code == 405
    assert answer.json == a_problem(405, "Method Not Allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_aborting_route_sets_message(app: Flask, client: FlaskClient) -> None:
    """The description that a route aborts with replaces the name of the status."""
    app.add_url_rule("/teapot", view_func=lambda: abort(418, "short and stout"))

    answer = client.get("/teapot")

    assert (answer.status_code, answer.json) == (418, a_problem(418, "short and stout"))


@pytest.mark.parametrize(
    ("accepts", "media_type"),
    [
        ("*/*", "application/problem+json"),
        ("application/json", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("application/json, application/problem+json", "application/problem+json"),
        ("text/html", "application/problem+json"),
    ],
)
def test_names_the_media_type_that_the_client_accepts(client: FlaskClient, accepts: str, media_type: str) -> None:
    """A client that asks for application/json gets its errors under that name, everyone else as problem details."""
    answer = client.get("/nowhere", headers={"Accept": accepts})

    assert (answer.mimetype, answer.headers["Vary"]) == (media_type, "Accept")
    assert answer.json == a_problem(404, "Not Found")


@pytest.mark.parametrize(("retry_after_s", "shown"), [(0, "1"), (0.2, "1"), (6.1, "7")])
def test_refused_call_says_when_to_try_again(
    client: FlaskClient, on_get: Raises, retry_after_s: float, shown: str
) -> None:
    """The time until the next try is rounded up to whole seconds, and is at least one."""
    on_get(CallRefused("depot", retry_after_s=retry_after_s))

    assert client.get("/it").headers["Retry-After"] == shown
