"""One id for each request: taken, made, sent back, logged."""

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
    """Return a service that answers with the id it works under."""
    app = create_service("shop")
    app.add_url_rule("/id", view_func=request_ids.current)
    return app


@pytest.mark.parametrize("offered", ["a", "7f3c-12", "web:1.2_x", "A" * 128])
def test_a_well_formed_id_is_kept(client: FlaskClient, offered: str) -> None:
    """The caller's id is the one that the request runs under, and it comes back."""
    answer = client.get("/id", headers={"X-Request-ID": offered})

    assert answer.text == offered
    assert answer.headers["X-Request-ID"] == offered


@pytest.mark.parametrize("offered", ["", "A" * 129, "two words", "a;b", 'a"b', "<script>", "a/b", "\u00e9"])
def test_a_malformed_id_is_replaced(client: FlaskClient, offered: str) -> None:
    """What could do harm in a log or a header gives way to an id of our own."""
    answer = client.get("/id", headers={"X-Request-ID": offered})

    assert MADE.fullmatch(answer.text)
    assert answer.headers["X-Request-ID"] == answer.text


def test_every_request_without_an_id_gets_its_own(client: FlaskClient) -> None:
    """Ids that the service makes are distinct."""
    assert len({client.get("/id").text for _ in range(20)}) == 20


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/health", 200), ("/metrics", 200)])
def test_every_answer_has_the_id(client: FlaskClient, path: str, status: int) -> None:
    """Errors and the service's own routes send the id back, too."""
    answer = client.get(path, headers={"X-Request-ID": "abc"})

    assert answer.status_code == status
    assert answer.headers["X-Request-ID"] == "abc"


def test_there_is_no_id_outside_of_a_request() -> None:
    """Work that nobody asked for has no id."""
    assert contextvars.Context().run(request_ids.current) == ""


def test_a_copied_context_takes_the_id_to_another_thread() -> None:
    """A call that a request hands to another thread keeps the request's id."""
    context = contextvars.Context()
    context.run(request_ids.begin, "abc")

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(context.run, request_ids.current).result() == "abc"
        assert not threads.submit(request_ids.current).result()


def test_new_work_forgets_what_was_logged_for_the_last() -> None:
    """A thread that serves one request after another mixes none of their log fields."""

    def two_requests() -> dict[str, object]:
        request_ids.begin("first")
        structlog.contextvars.bind_contextvars(degraded=True)
        request_ids.begin("second")
        return structlog.contextvars.get_contextvars()

    assert contextvars.Context().run(two_requests) == {"request_id": "second"}
