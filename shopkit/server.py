"""gunicorn, set up once for all services: one worker process with threads."""

import resource
import socket
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import gunicorn.util
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger
from prometheus_client import Gauge

from shopkit import logs
from shopkit.errors import StartError
from shopkit.settings import ServiceSettings, load
from shopkit.worker import IDLE_S, WholeRequestWorker, json_error

STOP_S = 3  # what running requests get when the service is told to stop: longer than any deadline of the shop
REQUEST_LINE_BYTES = 8190  # gunicorn's own maximum
FILES_OF_A_THREAD = 3  # its calls to other services
FILES_OF_A_SERVICE = 64  # the interpreter, logs, listener, event loop
CONNECTIONS = 2048  # open at once; far above the threads, so that waiting callers queue instead of being refused

S = TypeVar("S", bound=ServiceSettings)


def serve(
    service: str,
    create_app: Callable[[S], Flask],
    settings_class: type[S],
    *,
    control_paths: Iterable[str] = (),
) -> None:
    """Run the service until it is told to stop.

    Requests for `control_paths` have threads of their own, so that they are answered whatever the others wait for.
    `create_app` runs before the worker is forked, so that what is wrong stops the start: it must not start threads.

    Raises:
        SystemExit: 2 for a bad setting or bad data, 3 for an address that can't be had; each after one line on stderr.
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
    worker = type("Worker", (WholeRequestWorker,), {"control_paths": frozenset(p.encode() for p in control_paths)})
    _Server(app, service, settings, worker).run()


def _check_address(service: str, settings: ServiceSettings) -> None:
    """Say it in one line; gunicorn would try a taken port five times and print a line for each."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.listen_host, settings.port))
        except OSError as error:
            address = f"{settings.listen_host}:{settings.port}"
            print(f"{service}: cannot listen on {address}: {error.strerror}", file=sys.stderr)
            raise SystemExit(3) from None


def _connections(threads: int) -> int:
    """Return how many connections may be open, after raising the limit of open files as far as needed and allowed."""
    others = FILES_OF_A_THREAD * threads + FILES_OF_A_SERVICE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + others
    if resource.RLIM_INFINITY not in (soft, hard):
        soft = max(soft, min(hard, wanted))
    elif soft != resource.RLIM_INFINITY:
        soft = max(soft, wanted)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, max(threads + 2, soft - others))


class _Server(BaseApplication):
    def __init__(self, app: Flask, service: str, settings: ServiceSettings, worker: type[WholeRequestWorker]) -> None:
        self._app = app
        self._options = {
            "bind": f"{settings.listen_host}:{settings.port}",
            "proc_name": service,
            "threads": settings.threads,
            "worker_class": worker,
            "workers": 1,  # whatever WEB_CONCURRENCY says: there is one circuit, and one fault
            "worker_connections": _connections(settings.threads),
            "keepalive": int(IDLE_S),
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

    def load(self) -> Flask:  # type: ignore[override]  # the type of a WSGI application is no more than a hint
        return self._app


class _Logger(Logger):
    """gunicorn's messages go the way of all others: to the root logger, as JSON."""

    def setup(self, cfg: Config) -> None:  # noqa: ARG002 - gunicorn's signature
        self.error_log.propagate = True


def _write_json_error(sock: socket.socket, status_int: int, reason: str, mesg: str) -> None:
    """Answer in JSON what gunicorn refuses before Flask sees it; it has no setting for this."""
    gunicorn.util.write_nonblock(sock, json_error(status_int, reason, mesg))


gunicorn.util.write_error = _write_json_error
