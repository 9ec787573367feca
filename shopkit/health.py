"""GET /health: this process lives. GET /ready: and so does everything that it cannot do without."""

from collections.abc import Callable, Mapping

from flask import Flask
from flask.typing import ResponseReturnValue

from shopkit.errors import DependencyError, RequestRejected


def init_app(app: Flask, needs: Mapping[str, Callable[[], object]]) -> None:
    """Add both routes to `app`; `needs` maps the name of a dependency to a call that raises when it is not there."""

    @app.get("/health")
    def health() -> ResponseReturnValue:
        return {"status": "ok"}

    @app.get("/ready")
    def ready() -> ResponseReturnValue:
        missing = {name: problem for name, check in needs.items() if (problem := _problem(check))}
        if missing:
            return {"error": "not ready", "missing": missing}, 503
        return {"status": "ready"}


def _problem(check: Callable[[], object]) -> str:
    try:
        check()
    except (DependencyError, RequestRejected) as error:
        return str(error)
    return ""
