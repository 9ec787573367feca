"""Log lines: what is in them, and that nothing about them can fail a request."""

import io
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from shopkit import logs
from shopkit.service import create_service

PREAMBLE = """
import logging, os, sys, structlog
from shopkit import logs
logs.configure("shop")
log = structlog.get_logger()
"""


def run(code: str, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Run `code` after `logs.configure("shop")`, in a process of its own: logging is set up for a whole process."""
    return subprocess.run(  # noqa: S603 - our own interpreter, our own code
        [sys.executable, "-c", PREAMBLE + code],
        env={**os.environ, "TERM": "dumb"},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def app() -> Flask:
    """Return a service with a route that adds to its log line."""
    app = create_service("shop")

    @app.get("/degraded")
    def degraded() -> str:
        logs.add_to_line(degraded=True, circuit="OPEN")
        return "ok"

    return app


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("log.info('sold', id=7)", {"event": "sold", "level": "info", "id": 7}),
        ("log.warning('two\\nlines')", {"event": "two\nlines", "level": "warning"}),
        ("logging.getLogger('library').warning('beware of %s', 'it')", {"event": "beware of it", "level": "warning"}),
        ("logging.getLogger('library').error('broken')", {"event": "broken", "level": "error"}),
        (
            "structlog.contextvars.bind_contextvars(request_id='abc'); log.info('sold')",
            {"event": "sold", "level": "info", "request_id": "abc"},
        ),
        (
            "structlog.contextvars.bind_contextvars(request_id='abc'); logging.warning('odd')",
            {"event": "odd", "level": "warning", "request_id": "abc"},
        ),
    ],
)
def test_an_event_is_one_json_line(code: str, expected: dict[str, object]) -> None:
    """Our own events and those of libraries look alike, and name the service and the time in UTC."""
    done = run(code)

    [line] = done.stdout.splitlines()
    logged = json.loads(line)
    assert datetime.fromisoformat(logged.pop("ts")).utcoffset() is not None
    assert logged == {"service": "shop", **expected}
    assert not done.stderr


@pytest.mark.parametrize("code", ["log.debug('detail')", "logging.getLogger('library').info('detail')"])
def test_details_are_not_logged(code: str) -> None:
    """Debug messages, and what libraries merely tell, stay out."""
    done = run(code)

    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


@pytest.mark.parametrize("say", ["log.exception('broken')", "logging.exception('broken')"])
def test_an_exception_stays_on_its_line(say: str) -> None:
    """The traceback is a field of the line."""
    [line] = run(f"try: 1 / 0\nexcept ZeroDivisionError: {say}").stdout.splitlines()

    assert json.loads(line)["event"] == "broken"
    assert "ZeroDivisionError: division by zero" in json.loads(line)["exception"]


def test_a_terminal_shows_columns() -> None:
    """People read words, not JSON."""
    ours, theirs = os.openpty()
    try:
        run("log.info('sold', id=7)", stdout=theirs)
        shown = os.read(ours, 10_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)

    assert "sold" in shown
    assert not shown.startswith("{")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("say", ["log.info('sold')", "logging.getLogger('library').warning('sold')"])
def test_a_full_disk_fails_nothing(say: str) -> None:
    """A line that can't be written is dropped, and the program goes on without a word."""
    with Path("/dev/full").open("w") as full:
        done = run(f"{say}\n{say}\nprint('went on', file=sys.stderr)\nsys.stderr.flush()\nos._exit(0)", full.fileno())

    assert done.stderr == "went on\n"


def test_a_stream_that_cannot_be_written_fails_nothing() -> None:
    """The stream of the log lines drops what the system refuses."""

    class Full(io.StringIO):
        def write(self, _text: str, /) -> int:
            raise OSError(28, "No space left on device")

        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    stream = logs._Unfailing(Full())

    stream.write("a line")
    stream.flush()


@pytest.mark.parametrize(("path", "status"), [("/health", 200), ("/nowhere", 404)])
def test_a_request_has_one_line(client: FlaskClient, path: str, status: int) -> None:
    """It tells the method, the path, the status, the time taken, and the request's id."""
    with capture_logs([merge_contextvars]) as lines:
        client.get(path, headers={"X-Request-ID": "abc"})

    [line] = lines
    assert line.pop("latency_ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": path,
        "status": status,
        "request_id": "abc",
    }


def test_a_route_adds_to_the_line_of_its_request_alone(client: FlaskClient) -> None:
    """What one request adds is gone at the next one."""
    with capture_logs([merge_contextvars]) as lines:
        client.get("/degraded")
        client.get("/health")

    first, second = lines
    assert (first["degraded"], first["circuit"]) == (True, "OPEN")
    assert not {"degraded", "circuit"} & second.keys()
