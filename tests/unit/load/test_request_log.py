"""The raw request log loses nothing."""

import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from load.clocks import ClockOffset
from load.outcomes import Outcome, Route
from load.request_log import RequestLog, RequestLogWriter, WorkerState
from load.requests_table import NUMBERS_OF_WORKER, Request, Requests


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of the log."""
    return tmp_path / "requests.log"


@pytest.fixture
def writer(path: Path) -> Iterator[RequestLogWriter]:
    """Return a writer to the log."""
    writer = RequestLogWriter(path)
    yield writer
    writer.close()


def test_log_is_read_as_it_was_written(path: Path, writer: RequestLogWriter) -> None:
    """A request is read back with its route, its times, its status and its outcome."""
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


def test_each_line_is_written_at_once(path: Path, writer: RequestLogWriter) -> None:
    """A line can be read before the writer is closed."""
    writer.start(1, Route.PRODUCT_DETAILS, 0.0)
    assert path.read_bytes().endswith(b"\n")


def test_request_that_ends_later_is_unanswered_until_then(path: Path, writer: RequestLogWriter) -> None:
    """A request without an end is unanswered and in flight; each reading returns what is new."""
    log = RequestLog(path)
    writer.start(1, Route.PRODUCT_DETAILS, 0.0)
    writer.start(2, Route.CATALOGUE, 0.0)
    assert [request.number for request in log.read_more()] == [1, 2]
    assert {request.outcome for request in log.requests.values()} == {Outcome.UNANSWERED}
    assert [request.number for request in log.in_flight] == [1, 2]
    writer.end(1, 500, Outcome.FAILED)
    assert [request.number for request in log.read_more()] == [1]
    assert log.read_more() == []
    assert [request.number for request in log.in_flight] == [2]
    assert [request.outcome for request in log.requests.values()] == [Outcome.FAILED, Outcome.UNANSWERED]


def test_unsent_request_never_started(path: Path, writer: RequestLogWriter) -> None:
    """An unsent request is in the log with the time at which it should have started, and is not in flight."""
    writer.unsent(3, Route.PRODUCT_DETAILS, 5.5)
    log = RequestLog(path)
    log.read_more()
    assert log.requests == {3: Request(3, Route.PRODUCT_DETAILS, 5.5, None, outcome=Outcome.UNSENT)}
    assert log.in_flight == []


def test_load_is_ready_when_the_log_says_so(path: Path, writer: RequestLogWriter) -> None:
    """The `ready` line sets the flag, and is about no request."""
    log = RequestLog(path)
    assert log.read_more() == []
    assert not log.ready
    writer.ready()
    assert log.read_more() == []
    assert log.ready


def test_half_a_line_waits_for_its_other_half(path: Path) -> None:
    """Half a line is left for the next reading, so a process killed while it writes does no harm."""
    path.write_text("start 1 0 1.000000 1.000100\nend 1 1.50")
    log = RequestLog(path)
    log.read_more()
    assert log.requests[1].outcome is Outcome.UNANSWERED
    with path.open("a") as file:
        file.write("0000 200 full\n")
    log.read_more()
    assert (log.requests[1].outcome, log.requests[1].ended_at) == (Outcome.FULL, 1.5)


def test_requests_of_workers_are_on_one_clock(path: Path, writer: RequestLogWriter) -> None:
    """The lines of two workers are read in any order, with their times on the clock of the log's writer."""
    writer.worker(0, ClockOffset(0.0, 0.001), 0.4)
    writer.worker(1, ClockOffset(1000.0, 0.002), 0.7)
    other = NUMBERS_OF_WORKER + 1
    writer.write(f"start {other} 0 1005.0 1005.1\nstart 1 0 5.2 5.3\nend {other} 1006.0 200 full\nunsent 2 0 6.5\n")
    writer.worker(1, ClockOffset(1000.0, 0.009), 0.6)
    writer.complete()

    log = RequestLog(path)
    log.read_more()

    found = log.requests[other]
    assert (found.intended_at, found.started_at, found.ended_at) == pytest.approx((5.0, 5.1, 6.0))
    assert (log.requests[1].started_at, log.requests[2].intended_at) == (5.3, 6.5)
    assert (len(log.requests), log.requests.count_of(0), log.requests.count_of(1)) == (3, 2, 1)
    assert log.workers[1] == WorkerState(ClockOffset(1000.0, 0.009), cpu_share_max=0.7)
    assert log.complete


@pytest.mark.parametrize("workers", [1, 16])
def test_hour_of_requests_takes_little_memory(workers: int) -> None:
    """A request takes 36 bytes, so an hour at 66 requests/s to each gateway takes less than 20 MB."""
    tracemalloc.start()
    try:
        table = Requests()
        for number in (k % workers * NUMBERS_OF_WORKER + k for k in range(10_000)):
            table.add(Request(number, Route.CATALOGUE, number / 66, number / 66))
            table.end(number, number / 66 + 0.01, 200, Outcome.FULL)
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used / len(table) < 48, "36 bytes, and what the arrays hold in reserve"
    last = 9_999 % workers * NUMBERS_OF_WORKER + 9_999
    assert table[last] == Request(last, Route.CATALOGUE, last / 66, last / 66, last / 66 + 0.01, 200, Outcome.FULL)
    assert last + 1 not in table
