"""gunicorn, configured once for all services: one worker process with threads."""

import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import gunicorn.util
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker
from prometheus_client import Gauge

from shopkit import logs
from shopkit.errors import StartError
from shopkit.ports import check_port
from shopkit.settings import ServiceSettings, load

KEEPALIVE_S = 75  # for idle connections: longer than a caller pauses, so that it rarely finds one closed
STOP_S = 1  # for running requests when the service stops
REQUEST_LINE_BYTES = 8190  # gunicorn's own maximum
CONNECTIONS = 2048  # far more than threads, so that callers queue instead of being refused

S = TypeVar("S", bound=ServiceSettings)


def serve(service: str, create_app: Callable[[S], Flask], settings_class: type[S]) -> None:
    """Run the service until it is told to stop.

    `create_app` runs before the worker is forked, so that an error stops the start. It must not start threads.

    Raises:
        SystemExit: 2 for a bad setting or bad data, 3 for an address that is taken; each after one line on stderr.
    """
    settings = load(settings_class)
    logs.configure(service)
    try:
        app = create_app(settings)
    except StartError as error:
        print(f"{service}: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    Gauge("http_threads", "Requests that can be served at once", registry=app.extensions["metrics"]).set(
        settings.threads
    )
    _check_address(service, settings)
    _Server(app, service, settings).run()


def _check_address(service: str, settings: ServiceSettings) -> None:
    """Report a taken address in one line; gunicorn would try five times and print a line for each."""
    try:
        check_port(settings.listen_host, settings.port)
    except OSError as error:
        address = f"{settings.listen_host}:{settings.port}"
        print(f"{service}: cannot listen on {address}: {error.strerror}", file=sys.stderr)
        raise SystemExit(3) from None


class _Server(BaseApplication):
    def __init__(self, app: Flask, service: str, settings: ServiceSettings) -> None:
        self._app = app
        self._options = {
            "bind": f"{settings.listen_host}:{settings.port}",
            "proc_name": service,
            "threads": settings.threads,
            "worker_class": _Worker,
            "worker_connections": CONNECTIONS,
            "keepalive": KEEPALIVE_S,
            "graceful_timeout": STOP_S,
            "limit_request_line": REQUEST_LINE_BYTES,
            "logger_class": _Logger,
            "loglevel": "warning",
            "control_socket_disable": True,
            # a disk can stall the worker's heartbeat; memory does not
            "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108 - gunicorn's own advice
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:  # type: ignore[override]  # gunicorn types it more narrowly
        return self._app


class _Logger(Logger):
    """gunicorn's logger, which passes its messages to the root logger."""

    def setup(self, cfg: Config) -> None:  # noqa: ARG002 - gunicorn's signature
        self.error_log.propagate = True


class _Worker(ThreadWorker):
    """gunicorn's threaded worker, which answers a request line over the limit with 400 instead of 414."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ANN401
        if isinstance(exc, LimitRequestLine):
            exc = InvalidRequestLine(f"longer than {REQUEST_LINE_BYTES} bytes")
        super().handle_error(req, client, addr, exc)


def _write_json_error(sock: socket.socket, status_int: int, reason: str, mesg: str) -> None:
    """Answer in JSON a request that gunicorn rejects before Flask sees it; gunicorn has no setting for this."""
    body = json.dumps({"error": mesg or reason}).encode()
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    gunicorn.util.write_nonblock(sock, head.encode("latin1") + body)


gunicorn.util.write_error = _write_json_error
