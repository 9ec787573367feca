"""One id for each request: accepted or made, returned, logged."""

import contextvars
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from shopkit import request_ids
from shopkit.service import create_service

MADE = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def app() -> Flask:
    """Return a service that answers with the id of the request."""
    app = create_service("shop")
    app.add_url_rule("/id", view_func=request_ids.current)
    return app


@pytest.mark.parametrize("offered", ["web:1.2_x-7", "A" * 128])
def test_keeps_valid_id(client: FlaskClient, offered: str) -> None:
    """A request runs under the valid id that its caller sent, and the answer carries it."""
    answer = client.get("/id", headers={"X-Request-ID": offered})

    assert answer.text == offered
    assert answer.headers["X-Request-ID"] == offered


@pytest.mark.parametrize("offered", ["A" * 129, 'two "words"', "\u00e9"])
def test_replaces_malformed_id(client: FlaskClient, offered: str) -> None:
    """An id that could do harm in a log or a header is replaced by a new one."""
    answer = client.get("/id", headers={"X-Request-ID": offered})

    assert MADE.fullmatch(answer.text)
    assert answer.headers["X-Request-ID"] == answer.text


def test_makes_unique_ids(client: FlaskClient) -> None:
    """Each request without an id gets one of its own."""
    assert len({client.get("/id").text for _ in range(20)}) == 20


def test_error_carries_id(client: FlaskClient) -> None:
    """An error's answer carries the request's id too."""
    answer = client.get("/nowhere", headers={"X-Request-ID": "abc"})

    assert (answer.status_code, answer.headers["X-Request-ID"]) == (404, "abc")


def test_no_id_outside_request() -> None:
    """Work that belongs to no request has no id."""
    assert contextvars.Context().run(request_ids.current) == ""


def test_copied_context_carries_id_to_another_thread() -> None:
    """A call that a request hands to another thread keeps the request's id."""
    context = contextvars.Context()
    context.run(request_ids.begin, "abc")

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(context.run, request_ids.current).result() == "abc"
        assert not threads.submit(request_ids.current).result()


def test_new_request_clears_log_fields() -> None:
    """A thread that serves a second request logs none of the first one's fields."""

    def two_requests() -> dict[str, object]:
        request_ids.begin("first")
        structlog.contextvars.bind_contextvars(degraded=True)
        request_ids.begin("second")
        return structlog.contextvars.get_contextvars()

    assert contextvars.Context().run(two_requests) == {"request_id": "second"}
