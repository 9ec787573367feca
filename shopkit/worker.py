"""The worker under every service: gunicorn's threads, for requests that have arrived whole.

gunicorn's threaded worker gives each new connection a thread, which then waits for the request. So clients that send
nothing, or send slowly, take the threads away from all others, and one that does not read the end of its answer holds
up the event loop itself. Here the event loop receives each request, bounded in size and in time, and a thread takes it
over when it is complete. No client holds a thread for longer than its answer takes.
"""

import errno
import json
import socket
import struct
import time
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ
from typing import Any, ClassVar

import structlog
from flask import Flask
from gunicorn.arbiter import Arbiter
from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import TConn, ThreadWorker

from shopkit.errors import PROBLEM, problem, retry_after
from shopkit.thread_pool import NoMoreThreads, ThreadPool
from shopkit.whole_request import Refusal, asked_for, body_length, expects_continue, head_length

BACKLOG = 2048  # as gunicorn's own
IDLE_S = 75.0  # between two requests: longer than a caller pauses, so that it rarely meets a closed connection
REQUEST_WITHIN_S = 10.0  # from a request's first byte to its last
ANSWER_TAKEN_WITHIN_S = 10  # after which a client that does not read its answer is given up
LINGER_S = 2.0  # for a client to take the end of its last answer (RFC 9112, section 9.6)
LAST_REQUESTS_S = 0.5  # a service that stops still takes requests on open connections for so long
LOOK_EVERY_S = 0.5  # for connections that are overdue
KILLED_AFTER_S = 1  # how long before the master kills it a worker ends by itself, to tell those who still wait
BACK_IN_S = 5  # what a service that stops says of its return: it may be on its way already
CONTROL_THREADS = 4
RECEIVE_BYTES = 64 * 1024

_log = structlog.get_logger()

_PASSING = {errno.EAGAIN, errno.ECONNABORTED}
_OUT_OF_FILES = {errno.EMFILE, errno.ENFILE}


class Connection(TConn):
    """A connection and what it has sent of its next request."""

    def __init__(self, *connection: Any) -> None:
        super().__init__(*connection)
        self.sock.setblocking(True)  # for the threads, which write; the event loop asks not to wait each time
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", ANSWER_TAKEN_WITHIN_S, 0))
        self.received = bytearray()
        self.asked_for = (b"", b"")  # by the request that a thread has: method and path
        self.overdue_at = 0.0  # on the monotonic clock
        self.is_closing = False
        self.was_told_to_continue = False
        self.parser: RequestParser = RequestParser(
            self.cfg, (), self.client
        )  # it reads what it is given, never the socket
        self.initialized = True


class WholeRequestWorker(ThreadWorker):
    """Receives requests in its event loop, and lends a thread to each that is complete."""

    control_paths: ClassVar[AbstractSet[bytes]] = frozenset()  # answered by threads of their own

    def init_process(self) -> None:
        """Start every thread now: when the system has no more of them, those of a service are there already."""
        self._waiting: set[Connection] = set()  # for bytes, in the event loop
        self._in_threads: set[Connection] = set()
        self._look_at = 0.0
        self._refuses_until = 0.0  # on the monotonic clock; 0: it does not
        self.cfg.set("graceful_timeout", self.cfg.graceful_timeout - KILLED_AFTER_S)
        try:
            self._control_pool = ThreadPool(CONTROL_THREADS, "control")
            super().init_process()
        except NoMoreThreads as error:
            self.log.critical("%s", error)
            raise SystemExit(Arbiter.WORKER_BOOT_ERROR) from None  # the service ends: a new worker would fail too

    def get_thread_pool(self) -> ThreadPool:  # type: ignore[override]  # gunicorn needs no more of it than this one has
        """Return the pool for all but the control paths."""
        return ThreadPool(self.cfg.threads, "request")

    def load_wsgi(self) -> None:
        """Load the application, and let it refuse connections."""
        super().load_wsgi()
        assert isinstance(self.wsgi, Flask)  # noqa: S101 - what every service is
        self.wsgi.extensions["refuse_connections"] = partial(self.method_queue.defer, self._refuse_for)

    def _refuse_for(self, seconds: float) -> None:
        """Stop listening: the system refuses every new connection, and open ones stay. With 0, listen again."""
        was_refusing = bool(self._refuses_until)
        if not seconds and not was_refusing:
            return
        self.set_accept_enabled(False)
        self._refuses_until = time.monotonic() + seconds
        if not was_refusing:
            for listener in self.sockets:
                with suppress(OSError):  # where the system cannot stop listening (macOS), connections wait instead
                    listener.shutdown(socket.SHUT_RDWR)

    def _listen_again_when_due(self) -> None:
        if self._refuses_until and time.monotonic() >= self._refuses_until:
            self._refuses_until = 0.0
            for listener in self.sockets:
                listener.listen(BACKLOG)
            self.set_accept_enabled(True)

    def set_accept_enabled(self, enabled: bool | None) -> None:
        """Pause or resume accepting; when the service stops, take in who has connected already and close the door."""
        if enabled and self._refuses_until:
            return
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                while self._accepted(listener):
                    pass
                listener.close()

    def accept(self, listener: socket.socket) -> None:
        """Take one connection in; nothing of it is read yet."""
        self._accepted(listener)

    def _accepted(self, listener: socket.socket) -> bool:
        if self._refuses_until:  # since the event that announced this connection
            return False
        if self.nr_conns >= self.worker_connections - 1:
            self._make_room()
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _OUT_OF_FILES:
                self._make_room()
            elif error.errno not in _PASSING:
                raise
            return False
        self.nr_conns += 1
        self._wait(Connection(self.cfg, client, address, listener.getsockname()), IDLE_S)
        return True

    def _make_room(self) -> None:
        """Close the connection that has waited the longest: who sends nothing gives way to who wants in."""
        if self._waiting:
            self._drop(min(self._waiting, key=lambda conn: conn.overdue_at))

    def _wait(self, conn: Connection, seconds: float) -> None:
        conn.overdue_at = time.monotonic() + seconds
        self._waiting.add(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self._on_readable, conn))

    def _stop_waiting(self, conn: Connection) -> None:
        self._waiting.discard(conn)
        self.poller.unregister(conn.sock)

    def _drop(self, conn: Connection) -> None:
        self._stop_waiting(conn)
        self.nr_conns -= 1
        conn.close()

    def _on_readable(self, conn: Connection, client: socket.socket) -> None:
        if conn not in self._waiting:  # it has made room since the event that announced its bytes
            return
        try:
            data = client.recv(RECEIVE_BYTES, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(conn)
        elif not conn.is_closing:
            if not conn.received:
                conn.overdue_at = time.monotonic() + REQUEST_WITHIN_S
            conn.received += data
            self._hand_over_if_whole(conn)

    def _hand_over_if_whole(self, conn: Connection) -> None:
        """Hand a complete request to a thread."""
        try:
            head = head_length(conn.received)
            if not head:
                return
            missing = head + body_length(conn.received[:head]) - len(conn.received)
        except Refusal as refusal:
            self._refuse(conn, refusal.status, str(refusal))
            return
        if missing <= 0:
            self._stop_waiting(conn)
            self.enqueue_req(conn)
        elif not conn.was_told_to_continue and expects_continue(conn.received[:head]):
            conn.was_told_to_continue = True
            _send(conn, b"HTTP/1.1 100 Continue\r\n\r\n")

    def enqueue_req(self, conn: TConn) -> None:
        """Give the request to a thread."""
        assert isinstance(conn, Connection)  # noqa: S101 - this worker makes no other
        conn.parser.unreader.unread(bytes(conn.received))
        conn.asked_for = asked_for(conn.received)
        pool = self._control_pool if conn.asked_for[1] in self.control_paths else self.tpool
        conn.received.clear()
        conn.was_told_to_continue = False
        self._in_threads.add(conn)
        pool.submit(partial(self._answer, conn))

    def _answer(self, conn: Connection) -> None:
        """Answer the request, on a thread of a pool."""
        stays_open = False
        try:
            stays_open = self.handle(conn)
        finally:
            self.method_queue.defer(self._finish, conn, stays_open)

    def _finish(self, conn: Connection, stays_open: bool) -> None:
        """Wait for the next request of the connection, or for its end."""
        self._in_threads.discard(conn)
        if not stays_open:
            self._close_gently(conn)
            return
        conn.received += conn.parser.unreader.take_buffered()
        self._wait(conn, REQUEST_WITHIN_S if conn.received else IDLE_S)
        if conn.received:
            self._hand_over_if_whole(conn)

    def _close_gently(self, conn: Connection) -> None:
        """Send the end, and wait in the event loop for the client to have read it."""
        conn.is_closing = True
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:  # the client has gone
            self.nr_conns -= 1
            conn.close()
        else:
            self._wait(conn, LINGER_S)

    def _refuse(self, conn: Connection, status: HTTPStatus, message: str) -> None:
        """Answer a request that gets no thread, and close its connection."""
        self._stop_waiting(conn)
        _answer_instead(conn, status, message, *asked_for(conn.received))
        self._close_gently(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """Close the connections that are overdue, or all when the service ends."""
        now = time.monotonic()
        if force:
            self._end()
        elif now >= self._look_at:
            self._look_at = now + LOOK_EVERY_S
            for conn in [conn for conn in self._waiting if self._overdue_at(conn, now) <= now]:
                if conn.received and not conn.is_closing:
                    self._refuse(conn, HTTPStatus.REQUEST_TIMEOUT, f"no whole request within {REQUEST_WITHIN_S:g} s")
                else:
                    self._drop(conn)

    def murder_pending(self) -> None:
        """Do nothing: `murder_keepalived` sees to every connection that waits."""

    def _overdue_at(self, conn: Connection, now: float) -> float:
        """Return when to give a connection up: one that is idle when the service stops, soon."""
        if self.alive or conn.received:
            return conn.overdue_at
        conn.overdue_at = min(conn.overdue_at, now + LAST_REQUESTS_S)
        return conn.overdue_at

    def _end(self) -> None:
        """Tell those who still wait for an answer that there will be none, and close everything."""
        for conn in self._in_threads:
            _answer_instead(conn, HTTPStatus.SERVICE_UNAVAILABLE, "the service has stopped", *conn.asked_for)
            conn.close()
        for conn in list(self._waiting):
            self._drop(conn)

    def wait_for_and_dispatch_events(self, timeout: float | None) -> None:
        """Wait for events, for no longer than it takes to notice what is overdue."""
        super().wait_for_and_dispatch_events(min(timeout or LOOK_EVERY_S, LOOK_EVERY_S))
        self._listen_again_when_due()

    def handle_request(self, req: Any, conn: Any) -> bool:  # noqa: ANN401 - gunicorn's
        """Answer a request; a client that does not read its answer has gone."""
        try:
            return bool(super().handle_request(req, conn))
        except BlockingIOError as error:
            raise BrokenPipeError(errno.EPIPE, "the client does not read its answer") from error

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ANN401 - gunicorn's
        """Answer a request that is none: one whose first line is too long is bad like any other (400, not 414)."""
        if isinstance(exc, LimitRequestLine):
            exc = InvalidRequestLine(f"longer than {self.cfg.limit_request_line} bytes")
        super().handle_error(req, client, addr, exc)


def json_error(status: int, reason: str, message: str) -> bytes:
    """Return a whole answer, for a request that Flask does not see."""
    body = json.dumps(problem(status, message or reason)).encode()
    headers = {"Connection": "close", "Content-Type": PROBLEM, "Content-Length": str(len(body))}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers |= retry_after(BACK_IN_S)
    lines = [f"HTTP/1.1 {int(status)} {reason}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin1") + body


def _answer_instead(conn: Connection, status: HTTPStatus, message: str, method: bytes, path: bytes) -> None:
    """Answer and log a request in place of Flask, which does neither."""
    _send(conn, json_error(status, status.phrase, message))
    asked = {"method": method.decode("latin1"), "path": path.decode("latin1")}
    _log.info("request", **asked, status=int(status), why=message)


def _send(conn: Connection, data: bytes) -> None:
    """Send what the connection takes at once: the event loop waits for nobody."""
    with suppress(OSError):  # full, or gone
        conn.sock.send(data, socket.MSG_DONTWAIT)
