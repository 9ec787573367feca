"""One id follows a request through every service: X-Request-ID, accepted or made, logged, passed on, returned."""

import re
import uuid
from contextvars import ContextVar

import structlog
from flask import Flask, Response, request

from shopkit.tracing import traces

HEADER = "X-Request-ID"

ACCEPTED = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)
_current: ContextVar[str] = ContextVar("request_id", default="")


def init_app(app: Flask) -> None:
    """Give every request of `app` an id, which its answer and its log lines carry."""

    @app.before_request
    def take_or_make() -> None:
        begin(request.headers.get(HEADER, ""))

    @app.after_request
    def send_back(response: Response) -> Response:
        response.headers[HEADER] = current()
        return response


def begin(offered: str = "") -> None:
    """Start a unit of work under the `offered` id, or under a new one if that is missing or malformed."""
    request_id = offered if ACCEPTED.fullmatch(offered) else uuid.uuid4().hex
    _current.set(request_id)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id, **traces().begin(request_id))


def current() -> str:
    """Return the id of the current context, or "" before its first unit of work."""
    return _current.get()
