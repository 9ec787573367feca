"""product-service with a delay before each answer, set with PUT /delay {"delay_s": 0.02}."""

import time

from flask import Flask, request
from flask.typing import ResponseReturnValue

from product_service.app import create_app as create_product_service
from product_service.settings import Settings
from shopkit.server import serve


def create_app(settings: Settings) -> Flask:
    """Build the application."""
    app = create_product_service(settings)
    delay_s = 0.0

    @app.before_request
    def wait() -> None:
        if delay_s and request.path.startswith("/products"):
            time.sleep(delay_s)

    @app.put("/delay")
    def put_delay() -> ResponseReturnValue:
        nonlocal delay_s
        delay_s = float(request.get_json()["delay_s"])
        return {"delay_s": delay_s}

    return app


if __name__ == "__main__":
    serve("product-service", create_app, Settings)
