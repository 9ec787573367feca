"""The JSON that a client sent, checked: what is wrong with it is answered with 400, and says so.

Both services have this same file: they share no code, so that each can be read, changed and started on its own.
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
    """Return a field that must be a string; without a default, it must be there."""
    value = body.get(name, default)
    if not isinstance(value, str) or not value:
        abort(400, f"'{name}' must be a string that is not empty")
    return value


def delay_ms(body: dict[str, Any]) -> int:
    """Return how slow the provider is to be."""
    value = body.get("delay_ms", 0)
    if type(value) is not int or not 0 <= value <= MAX_DELAY_MS:  # type(), because True is an int to isinstance
        abort(400, f"'delay_ms' must be a whole number from 0 to {MAX_DELAY_MS}")
    return value


def install(app: Flask) -> None:
    """Answer every error of `app` in JSON, and refuse a body that is too large to be honest."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES

    @app.errorhandler(HTTPException)
    def error_as_json(error: HTTPException) -> ResponseReturnValue:
        return {"error": error.description}, error.code or 500
