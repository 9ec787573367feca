"""Logs: one line for each request, with method, path, status and latency.

Both services have a copy of this file. They share no code, so each can be read, changed and started on its own.
"""

import logging
import time
from urllib.parse import quote

from flask import Flask, Response, g, request


def configure() -> None:
    """Write every line of this process, including Flask's own, in one format."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", datefmt="%Y-%m-%d %H:%M:%S"
    )


def log_requests(app: Flask, log: logging.Logger) -> None:
    """Log every request of `app`: method, path, status, latency."""

    @app.before_request
    def start_timer() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def write_line(response: Response) -> Response:
        latency_ms = (time.perf_counter() - g.started) * 1000
        path = quote(request.path)  # a path with a line break in it must not forge a line
        log.info("%s %s %d %.2fms", request.method, path, response.status_code, latency_ms)
        return response
