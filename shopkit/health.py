"""GET /health: the process is alive. GET /ready: so are the dependencies that it needs."""

from collections.abc import Callable, Mapping

from flask import Flask
from flask.typing import ResponseReturnValue

from shopkit.errors import ApiError, DependencyError, RequestRejected, retry_after

LOOK_AGAIN_S = 1


def init_app(app: Flask, needs: Mapping[str, Callable[[], object]]) -> None:
    """Add both routes to `app`; `needs` maps the name of a dependency to a check that raises when it is missing."""

    @app.get("/health")
    def health() -> ResponseReturnValue:
        return {"status": "ok"}

    @app.get("/ready")
    def ready() -> ResponseReturnValue:
        missing = {name: problem for name, check in needs.items() if (problem := _problem(check))}
        if missing:
            raise ApiError(503, "not ready", headers=retry_after(LOOK_AGAIN_S), missing=missing)
        return {"status": "ready"}


def _problem(check: Callable[[], object]) -> str:
    try:
        check()
    except (DependencyError, RequestRejected) as error:
        return str(error)
    return ""
