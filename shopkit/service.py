"""The Flask application that every service builds on."""

import time
from collections.abc import Callable, Mapping

from flask import Flask, g

from shopkit import access, api, errors, health, logs, metrics, request_ids
from shopkit.tracing import traces


def create_service(name: str, *, needs: Mapping[str, Callable[[], object]] | None = None) -> Flask:
    """Return an application with request ids, logs, metrics, rules of access, health, errors and its API.

    `needs` is as in `shopkit.health`.
    Its metrics registry is `app.extensions["metrics"]`.
    """
    app = Flask(name, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # answers keep the order in which they are written down
    app.before_request(_note_start)
    traces().instrument(app)  # first, so that a span has all that the others do
    request_ids.init_app(app)
    logs.init_app(app)
    app.extensions["metrics"] = metrics.init_app(app)
    access.init_app(app)
    errors.init_app(app)
    health.init_app(app, needs or {})
    api.init_app(app)
    return app


def _note_start() -> None:
    g.started = time.perf_counter()
