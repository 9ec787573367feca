"""A service for tests of the server: `python -m integration.slow_service`, with short times and two threads."""

import threading
import time

from flask import Flask, request
from pydantic import Field

from shopkit import server, worker
from shopkit.service import create_service
from shopkit.settings import Port, ServiceSettings

REQUEST_WITHIN_S = 0.5
LINGER_S = 0.5
CONNECTIONS = 40


class Settings(ServiceSettings):
    """The port is all that can be set."""

    port: Port = Field(validation_alias="SLOW_SERVICE_PORT")
    threads: int = 2


def create_app(_settings: Settings) -> Flask:
    """Build a service that hangs on request."""
    app = create_service("slow-service")
    never = threading.Event()

    @app.get("/hang")
    def hang() -> str:
        never.wait(60)
        return ""

    @app.get("/wait/<float:seconds>")
    def wait(seconds: float) -> str:
        time.sleep(seconds)
        return "waited"

    @app.route("/echo", methods=["GET", "PUT"])
    def echo() -> bytes:
        return request.get_data() or b"nothing"

    return app


if __name__ == "__main__":
    worker.REQUEST_WITHIN_S = REQUEST_WITHIN_S
    worker.LINGER_S = LINGER_S
    worker.LOOK_EVERY_S = 0.05
    server.CONNECTIONS = CONNECTIONS
    server.serve("slow-service", create_app, Settings, control_paths=("/health", "/metrics"))
