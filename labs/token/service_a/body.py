"""The JSON that a client sends: a field that is wrong is answered with 400 and the reason.

Both services have a copy of this file. They share no code, so each can be read, changed and started on its own.
"""

import json
from typing import Any

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

MAX_BODY_BYTES = 16_384
MAX_DELAY_MS = 10_000


def read() -> dict[str, Any]:
    """Return the JSON object in the request's body."""
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):  # not JSON, or nested too deeply
        abort(400, "the body must be JSON")
    if not isinstance(body, dict):
        abort(400, "the body must be a JSON object")
    return body


def text(body: dict[str, Any], name: str, default: str | None = None) -> str:
    """Return a field that must be a string, and must be there unless it has a default."""
    value = body.get(name, default)
    if not isinstance(value, str) or not value:
        abort(400, f"'{name}' must be a string that is not empty")
    return value


def delay_ms(body: dict[str, Any]) -> int:
    """Return the delay that the provider is to add, in milliseconds."""
    value = body.get("delay_ms", 0)
    if type(value) is not int or not 0 <= value <= MAX_DELAY_MS:  # type(), because True is an int to isinstance
        abort(400, f"'delay_ms' must be a whole number from 0 to {MAX_DELAY_MS}")
    return value


def init_app(app: Flask) -> None:
    """Answer every error of `app` in JSON, and reject a body over MAX_BODY_BYTES."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES

    @app.errorhandler(HTTPException)
    def error_as_json(error: HTTPException) -> ResponseReturnValue:
        return {"error": error.description}, error.code or 500
