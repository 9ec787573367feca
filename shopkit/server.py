"""gunicorn, configured once for all services: one worker process with threads."""

import signal
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

from shopkit import access, logs, tracing
from shopkit.errors import StartError
from shopkit.open_files import raise_file_limit
from shopkit.ports import check_port, host_and_port
from shopkit.settings import ServiceSettings, load
from shopkit.thread_pool import NoMoreThreads, ThreadPool
from shopkit.worker import CONTROL_THREADS, IDLE_S, WholeRequestWorker, json_error

REQUEST_LINE_BYTES = 8190  # gunicorn's own maximum
FILES_PER_THREAD = 3  # for calls to other services
FILES_PER_SERVICE = 64  # for the interpreter, logs, the listener, the event loop
CONNECTIONS = 2048  # far more than threads, so that callers queue instead of being refused

ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)

S = TypeVar("S", bound=ServiceSettings)


def serve(
    service: str,
    create_app: Callable[[S], Flask],
    settings_class: type[S],
    *,
    control_paths: Iterable[str] = (),
) -> None:
    """Run the service until it is told to stop.

    Requests for `control_paths` have their own threads, so that they are answered however many other requests hang.
    `create_app` runs before the worker is forked, so that an error stops the start. It must not start threads.

    Raises:
        SystemExit: 2 for a bad setting or bad data, 3 for an address that is taken or a lack of threads; each after one
            line on stderr.
    """
    settings = load(settings_class)
    logs.configure(service)
    try:
        tracing.switch_on(service, settings.otel_exporter_otlp_endpoint)
        app = create_app(settings)
    except StartError as error:
        print(f"{service}: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    Gauge("http_threads", "Requests that can be served at once", registry=app.extensions["metrics"]).set(
        settings.threads
    )
    access.publish(app, {*settings.published_names, *_names_of(settings.listen_host)})
    _check_address(service, settings)
    _check_threads(service, settings)
    worker = type("Worker", (WholeRequestWorker,), {"control_paths": frozenset(p.encode() for p in control_paths)})
    _Server(app, service, settings, worker).run()


def _names_of(listen_host: str) -> set[str]:
    """Return the address as a Host header has it, unless it stands for every address."""
    return set() if listen_host in ("0.0.0.0", "::") else {host_and_port(listen_host, 0).removesuffix(":0").lower()}  # noqa: S104 - compared


def _check_address(service: str, settings: ServiceSettings) -> None:
    """Report a taken address in one line; gunicorn would try five times and print a line for each."""
    try:
        check_port(settings.listen_host, settings.port)
    except OSError as error:
        address = host_and_port(settings.listen_host, settings.port)
        print(f"{service}: cannot listen on {address}: {error.strerror}", file=sys.stderr)
        raise SystemExit(3) from None


def _check_threads(service: str, settings: ServiceSettings) -> None:
    """Report in one line that there can't be so many threads; gunicorn would add three of its own."""
    try:
        ThreadPool(settings.all_threads + CONTROL_THREADS, "check").shutdown(wait=True)
    except NoMoreThreads as error:
        print(f"{service}: {error}", file=sys.stderr)
        raise SystemExit(3) from None


def _connections(threads: int) -> int:
    """Return how many connections may be open at once, as far as the limit of open files allows."""
    others = FILES_PER_THREAD * threads + FILES_PER_SERVICE
    files = raise_file_limit(CONNECTIONS + others)
    return min(max(CONNECTIONS, threads), max(threads, files - others))


def _ignoring_what_is_ignored_now() -> Callable[[object], None]:
    """Return a hook for gunicorn, which handles every signal: what nohup has ignored would restart the worker."""
    ignored = [number for number in ENDING if signal.getsignal(number) is signal.SIG_IGN]

    def hook(_: object) -> None:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)

    return hook


class _Server(BaseApplication):
    def __init__(self, app: Flask, service: str, settings: ServiceSettings, worker: type[WholeRequestWorker]) -> None:
        self._app = app
        ignored, traces = _ignoring_what_is_ignored_now(), tracing.traces()

        def begin(worker: object) -> None:
            ignored(worker)
            traces.start()

        self._options = {
            "bind": host_and_port(settings.listen_host, settings.port),
            "proc_name": service,
            "threads": settings.threads,
            "worker_class": worker,
            "workers": 1,  # whatever WEB_CONCURRENCY says: a service has one circuit, and one fault
            "worker_connections": _connections(settings.threads),
            "keepalive": int(IDLE_S),
            "graceful_timeout": settings.stop_s,
            "timeout": 0,  # a service that is suspended for long goes on when it is resumed, and is not replaced
            "limit_request_line": REQUEST_LINE_BYTES,
            "when_ready": ignored,
            "post_worker_init": begin,
            "worker_exit": lambda _server, _worker: traces.stop(),
            "forwarded_allow_ips": "",  # nobody is trusted to say who asks, or how
            "logger_class": _Logger,
            "loglevel": "warning",
            "control_socket_disable": True,
            # the event loop touches a file there in each of its rounds: a disk could stall it, memory does not
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


def _write_json_error(sock: socket.socket, status_int: int, reason: str, mesg: str) -> None:
    """Answer with JSON when gunicorn refuses a request before Flask sees it; gunicorn has no setting for this."""
    gunicorn.util.write_nonblock(sock, json_error(status_int, reason, mesg))


gunicorn.util.write_error = _write_json_error
