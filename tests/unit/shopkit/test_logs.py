"""Log lines: their content, and that a line that cannot be written fails no request."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, Response
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


def run(
    code: str, stdout: int = subprocess.PIPE, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `code` after `logs.configure("shop")`, in a new process, because logging is set up per process."""
    return subprocess.run(  # noqa: S603 - our own interpreter, our own code
        [sys.executable, "-c", PREAMBLE + code],
        env={**os.environ, **(environment or {})},
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

    @app.get("/drips")
    def drips() -> Response:
        return Response(iter(["a", "b"]))

    return app


def test_logs_each_event_as_one_json_line() -> None:
    """Our own events and those of libraries have the same fields: service, level, time in UTC, request id."""
    done = run("""
structlog.contextvars.bind_contextvars(request_id="abc")
log.info("two\\nlines", id=7)
logging.getLogger("library").warning("beware of %s", "it")
""")

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(datetime.fromisoformat(line.pop("ts")).utcoffset() == timedelta(0) for line in lines)
    same = {"service": "shop", "request_id": "abc"}
    assert lines == [
        {"event": "two\nlines", "level": "info", "id": 7, **same},
        {"event": "beware of it", "level": "warning", **same},
    ]
    assert not done.stderr


def test_shows_what_json_does_not_know() -> None:
    """A value that JSON has no form for is in its line as Python shows it."""
    done = run("log.info('odd', value=1j)")

    assert json.loads(done.stdout)["value"] == "1j"


def test_drops_details() -> None:
    """Debug messages of our own, and messages of libraries below a warning, are not logged."""
    done = run("log.debug('detail')\nlogging.getLogger('library').info('detail')")

    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_keeps_exception_on_its_line() -> None:
    """The traceback of a logged exception is a field of its line, for our own events and those of libraries."""
    done = run("try: 1 / 0\nexcept ZeroDivisionError:\n  log.exception('ours')\n  logging.exception('theirs')")

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["event"] for line in lines] == ["ours", "theirs"]
    assert all("ZeroDivisionError: division by zero" in line["exception"] for line in lines)


@pytest.mark.parametrize(
    ("settings", "colours"),
    [({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False), ({"TERM": "xterm", "NO_COLOR": "1"}, False)],
    ids=str,
)
def test_terminal_shows_columns(settings: dict[str, str], colours: bool) -> None:
    """On a terminal a line is readable text instead of JSON, in colours and characters that the terminal has."""
    ours, theirs = os.openpty()
    try:
        done = run(
            r"log.info('sold \u25c6', id=7, path='/\x1b]0;x\x07')",
            theirs,
            {"NO_COLOR": "", "PYTHONIOENCODING": "ascii", **settings},
        )
        shown = os.read(ours, 10_000).decode("ascii")
    finally:
        os.close(ours)
        os.close(theirs)

    assert "sold \\u25c6" in shown
    assert r"/\x1b]0;x\x07" in shown, "a client's path must not give orders to the terminal"
    assert not shown.startswith("{")
    assert ("\x1b[" in shown) is colours
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_full_disk_fails_nothing() -> None:
    """A line that cannot be written is dropped, and the program goes on in silence."""
    code = """
for _ in range(2):
    log.info("ours")
    logging.getLogger("library").warning("theirs")
print("went on", file=sys.stderr, flush=True)
os._exit(0)
"""
    with Path("/dev/full").open("w") as full:
        done = run(code, full.fileno())

    assert done.stderr == "went on\n"


def test_unfailing_stream_drops_write_errors() -> None:
    """The stream of the log lines raises nothing when the system refuses a write."""

    class Full(io.StringIO):
        def write(self, _text: str, /) -> int:
            raise OSError(28, "No space left on device")

        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    stream = logs._Unfailing(Full())

    stream.write("a line")
    stream.flush()


def test_logs_one_line_for_each_request(client: FlaskClient) -> None:
    """A request's line has its method, path, caller, status, latency and id, whether it succeeded or not."""
    with capture_logs([merge_contextvars]) as lines:
        client.get("/nowhere", headers={"X-Request-ID": "abc", "User-Agent": "curl/8.5.0 (any; system)"})

    [line] = lines
    assert line.pop("latency_ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": "/nowhere",
        "caller": "curl",
        "status": 404,
        "request_id": "abc",
    }


def test_route_adds_fields_to_its_own_line(client: FlaskClient) -> None:
    """Fields that a route adds are on its request's line and not on the next one."""
    with capture_logs([merge_contextvars]) as lines:
        client.get("/degraded")
        client.get("/health")

    first, second = lines
    assert (first["degraded"], first["circuit"]) == (True, "OPEN")
    assert not {"degraded", "circuit"} & second.keys()


def test_line_of_a_streaming_answer_follows_its_end(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The latency of an answer that is made while it is sent covers its body, and its line keeps its id."""
    now_s = 100.0
    monkeypatch.setattr("time.perf_counter", lambda: now_s)
    with capture_logs([merge_contextvars]) as lines:
        answer = client.get("/drips", headers={"X-Request-ID": "abc"})
        assert not lines
        now_s += 30
        answer.close()

    [line] = lines
    assert (line["path"], line["latency_ms"], line["request_id"]) == ("/drips", 30_000, "abc")
