"""The raw request log loses nothing."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from load.outcomes import Outcome, Route
from load.request_log import Request, RequestLog, RequestLogWriter


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the log is."""
    return tmp_path / "requests.log"


@pytest.fixture
def writer(path: Path) -> Iterator[RequestLogWriter]:
    """Writes to it."""
    writer = RequestLogWriter(path)
    yield writer
    writer.close()


def test_log_is_read_as_it_was_written(path: Path, writer: RequestLogWriter) -> None:
    """A request comes back with its route, its times, its status and its outcome."""
    before = time.monotonic()
    writer.start(7, Route.CATALOGUE, 12.345678)
    writer.end(7, 200, Outcome.DEGRADED)
    log = RequestLog(path)
    log.read_more()
    found = log.requests[7]
    assert (found.number, found.route, found.intended_at) == (7, Route.CATALOGUE, 12.345678)
    assert (found.status, found.outcome) == (200, Outcome.DEGRADED)
    assert found.started_at is not None
    assert found.ended_at is not None
    assert before - 1e-6 <= found.started_at <= found.ended_at <= time.monotonic() + 1e-6


def test_lines_are_there_at_once(path: Path, writer: RequestLogWriter) -> None:
    """Whoever reads while the load still runs misses nothing: the writer needs no close."""
    writer.start(1, Route.PRODUCT_DETAILS, 0.0)
    assert path.read_bytes().endswith(b"\n")


def test_request_that_ends_later_is_unanswered_until_then(path: Path, writer: RequestLogWriter) -> None:
    """What has started and not ended stays in the accounts; each reading tells what is new."""
    log = RequestLog(path)
    writer.start(1, Route.PRODUCT_DETAILS, 0.0)
    writer.start(2, Route.CATALOGUE, 0.0)
    assert [request.number for request in log.read_more()] == [1, 2]
    assert {request.outcome for request in log.requests.values()} == {Outcome.UNANSWERED}
    writer.end(1, 500, Outcome.FAILED)
    assert [request.number for request in log.read_more()] == [1]
    assert log.read_more() == []
    assert [request.outcome for request in log.requests.values()] == [Outcome.FAILED, Outcome.UNANSWERED]


def test_unsent_request_never_started(path: Path, writer: RequestLogWriter) -> None:
    """It is in the accounts, with the time at which it was to start."""
    writer.unsent(3, Route.PRODUCT_DETAILS, 5.5)
    log = RequestLog(path)
    log.read_more()
    assert log.requests == {3: Request(3, Route.PRODUCT_DETAILS, 5.5, None, outcome=Outcome.UNSENT)}


def test_load_is_ready_when_the_log_says_so(path: Path, writer: RequestLogWriter) -> None:
    """The line is about no request."""
    log = RequestLog(path)
    assert log.read_more() == []
    assert not log.ready
    writer.ready()
    assert log.read_more() == []
    assert log.ready


def test_half_a_line_waits_for_its_other_half(path: Path) -> None:
    """A line that is being written is left for the next reading; a process killed in the middle of it does no harm."""
    path.write_text("start 1 0 1.000000 1.000100\nend 1 1.50")
    log = RequestLog(path)
    log.read_more()
    assert log.requests[1].outcome is Outcome.UNANSWERED
    with path.open("a") as file:
        file.write("0000 200 full\n")
    log.read_more()
    assert (log.requests[1].outcome, log.requests[1].ended_at) == (Outcome.FULL, 1.5)
