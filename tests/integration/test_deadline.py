"""The transport against real sockets: its timeout is a total, and it repeats what met a closed idle connection."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import requests
import urllib3

from integration.scripted_server import (
    Peer,
    Script,
    Serve,
    answering,
    dripping,
    resetting,
    response,
    sending,
    silent,
)
from shopkit.deadline import DeadlineAdapter

Fetch = Callable[[str, float], bytes]

SHORT_S = 0.2
LONG_S = 30.0  # never meant to be met
GENEROUS_S = 2.0  # what a SHORT_S may take on a busy machine
TOO_LATE = (requests.Timeout, urllib3.exceptions.TimeoutError)  # while waiting for headers, while reading the body
BROKEN = (requests.ConnectionError, urllib3.exceptions.HTTPError)


@pytest.fixture
def fetch() -> Iterator[Fetch]:
    """Return a function that gets the body at an address within so many seconds, keeping its connection open."""
    adapter = DeadlineAdapter()

    def get(url: str, deadline_s: float) -> bytes:
        request = requests.Request("GET", url).prepare()
        body: bytes = adapter.send(request, stream=True, timeout=deadline_s).raw.read()
        return body

    yield get
    adapter.close()


@pytest.fixture
def _pool_trusts_idle_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide closed connections from urllib3, as when the server closes one just after it was looked at."""
    monkeypatch.setattr("urllib3.connectionpool.is_connection_dropped", lambda _connection: False)


def answer_then(end: Callable[[Peer], None], closed: threading.Event) -> Script:
    """Return a script that answers once, ends the connection while it is idle, and says so."""

    def script(peer: Peer) -> None:
        peer.answer(b"first")
        end(peer)
        closed.set()

    return script


def answer_then_meet_request_with(then: Script) -> Script:
    """Return a script that answers once, and does something else to the second request of the connection."""

    def script(peer: Peer) -> None:
        peer.answer(b"first")
        then(peer)

    return script


SLOW_SCRIPTS = {
    "silent": silent,
    "drips its headers": dripping(b"HTTP/1.1 200 OK\r\n", b"X-Filler: x\r\n" * 1000),
    "drips its first line": dripping(b"", b"HTTP/1.1 200 " + b"O" * 10_000),
    "drips its body": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n", b"x" * 10_000),
    "drips its chunks": dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 10_000),
    "drips a body without an end": dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 10_000),
    "stops in its body": sending(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", Peer.wait_for_the_end),
}


@pytest.mark.parametrize("script", SLOW_SCRIPTS.values(), ids=SLOW_SCRIPTS)
def test_the_timeout_is_a_total(serve: Serve, fetch: Fetch, script: Script) -> None:
    """However the server spreads its bytes, the call ends soon after the deadline, and is not made again."""
    server = serve(script)
    started = time.monotonic()

    with pytest.raises(TOO_LATE):
        fetch(server.url, SHORT_S)

    assert time.monotonic() - started < GENEROUS_S
    assert server.accepted == 1


@pytest.mark.parametrize("script", SLOW_SCRIPTS.values(), ids=SLOW_SCRIPTS)
def test_the_timeout_is_a_total_on_a_kept_connection(serve: Serve, fetch: Fetch, script: Script) -> None:
    """A second request has a budget of its own; when it runs out, the request is not sent again."""
    server = serve(answer_then_meet_request_with(script), answering(b"never asked for"))
    fetch(server.url, LONG_S)
    started = time.monotonic()

    with pytest.raises(TOO_LATE):
        fetch(server.url, SHORT_S)

    assert time.monotonic() - started < GENEROUS_S
    assert server.accepted == 1
    assert len(server.requests) == 2


def test_a_budget_ends_with_its_request(serve: Serve, fetch: Fetch) -> None:
    """What was left to an earlier request does not bound a later one on the same connection."""

    def slow_second_answer(peer: Peer) -> None:
        peer.receive_request()
        peer.drip(response(b"x" * 10))  # takes longer than the first budget

    server = serve(answer_then_meet_request_with(slow_second_answer))
    fetch(server.url, 1.0)

    assert fetch(server.url, LONG_S) == b"x" * 10
    assert server.accepted == 1


def test_a_slow_answer_in_time_is_an_answer(serve: Serve, fetch: Fetch) -> None:
    """Dripping alone is no fault."""
    server = serve(dripping(b"", response(b"slow but sure")))

    assert fetch(server.url, LONG_S) == b"slow but sure"


def test_a_call_that_is_given_up_leaves_no_thread(serve: Serve, fetch: Fetch) -> None:
    """The deadline is kept on the caller's own thread."""
    server = serve(silent)
    before = set(threading.enumerate())

    with pytest.raises(TOO_LATE):
        fetch(server.url, SHORT_S)

    added = set(threading.enumerate()) - before
    assert {thread.name for thread in added} <= {"scripted-server"}


def test_a_connection_is_used_again(serve: Serve, fetch: Fetch) -> None:
    """Request after request goes over one connection."""
    server = serve(answering(b"x"))

    assert [fetch(server.url, LONG_S) for _ in range(5)] == [b"x"] * 5
    assert server.accepted == 1


def test_a_call_that_was_late_gives_its_connection_up(serve: Serve, fetch: Fetch) -> None:
    """The rest of a late answer can't be taken for the answer to the next request."""
    server = serve(silent, answering(b"second"))

    with pytest.raises(TOO_LATE):
        fetch(server.url, SHORT_S)

    assert fetch(server.url, LONG_S) == b"second"
    assert server.accepted == 2


@pytest.mark.parametrize("end", [Peer.hang_up, Peer.reset])
def test_a_connection_that_was_seen_to_close_is_replaced(
    serve: Serve, fetch: Fetch, end: Callable[[Peer], None]
) -> None:
    """A server that closes idle connections is called on a new one, and the caller notices nothing."""
    closed = threading.Event()
    server = serve(answer_then(end, closed), answering(b"second"))
    fetch(server.url, LONG_S)
    assert closed.wait(10)

    assert fetch(server.url, LONG_S) == b"second"
    assert server.accepted == 2
    assert len(server.requests) == 2


@pytest.mark.usefixtures("_pool_trusts_idle_connections")
@pytest.mark.parametrize("end", [Peer.hang_up, Peer.reset])
def test_a_request_that_met_a_closing_connection_is_repeated(
    serve: Serve, fetch: Fetch, end: Callable[[Peer], None]
) -> None:
    """When the connection turns out to be closed only on sending, the request goes out again on a new one."""
    closed = threading.Event()
    server = serve(answer_then(end, closed), answering(b"second"))
    fetch(server.url, LONG_S)
    assert closed.wait(10)

    assert fetch(server.url, LONG_S) == b"second"
    assert server.accepted == 2
    assert len(server.requests) == 2


@pytest.mark.parametrize("then", [sending(b""), resetting], ids=["closed", "reset"])
def test_a_request_that_met_a_closed_connection_is_repeated(serve: Serve, fetch: Fetch, then: Script) -> None:
    """A kept connection that ends without a byte of the answer costs one repetition on a new connection."""
    server = serve(answer_then_meet_request_with(then), answering(b"second"))
    fetch(server.url, LONG_S)

    assert fetch(server.url, LONG_S) == b"second"
    assert server.accepted == 2
    assert len(server.requests) == 3


def test_a_repetition_is_the_same_request(serve: Serve, fetch: Fetch) -> None:
    """What is sent again has the same line and headers."""
    server = serve(answer_then_meet_request_with(resetting), answering(b"second"))
    fetch(server.url, LONG_S)

    fetch(f"{server.url}/related/1", LONG_S)

    _first, lost, repeated = server.requests
    assert lost == repeated
    assert lost.startswith("GET /related/1 HTTP/1.1\r\n")


@pytest.mark.parametrize("then", [sending(b""), resetting], ids=["closed", "reset"])
def test_a_request_is_repeated_no_more_than_once(serve: Serve, fetch: Fetch, then: Script) -> None:
    """When the new connection ends like the kept one, that is the result."""
    server = serve(answer_then_meet_request_with(then), then, answering(b"never asked for"))
    fetch(server.url, LONG_S)

    with pytest.raises(BROKEN):
        fetch(server.url, LONG_S)

    assert server.accepted == 2
    assert len(server.requests) == 3


@pytest.mark.usefixtures("_pool_trusts_idle_connections")
@pytest.mark.parametrize("end", [Peer.hang_up, Peer.reset])
def test_a_request_that_met_a_closing_connection_is_repeated_no_more_than_once(
    serve: Serve, fetch: Fetch, end: Callable[[Peer], None]
) -> None:
    """It makes no difference whether sending or receiving shows that the kept connection is closed."""
    closed = threading.Event()
    server = serve(answer_then(end, closed), resetting, answering(b"never asked for"))
    fetch(server.url, LONG_S)
    assert closed.wait(10)

    with pytest.raises(BROKEN):
        fetch(server.url, LONG_S)

    assert server.accepted == 2


def test_a_repetition_that_is_refused_is_an_error(serve: Serve, fetch: Fetch) -> None:
    """A server that has stopped since the last request is unreachable."""
    server = serve(answer_then_meet_request_with(resetting))
    fetch(server.url, LONG_S)
    server.refuse()

    with pytest.raises(BROKEN):
        fetch(server.url, LONG_S)


@pytest.mark.parametrize(
    "slow",
    [silent, SLOW_SCRIPTS["drips its headers"], SLOW_SCRIPTS["drips its body"]],
    ids=["silent", "headers", "body"],
)
def test_a_repetition_shares_the_budget(serve: Serve, fetch: Fetch, slow: Script) -> None:
    """The request and its repetition end together within the one deadline."""
    server = serve(answer_then_meet_request_with(resetting), slow)
    fetch(server.url, LONG_S)
    started = time.monotonic()

    with pytest.raises(TOO_LATE):
        fetch(server.url, SHORT_S)

    assert time.monotonic() - started < GENEROUS_S
    assert server.accepted == 2


@pytest.mark.parametrize("script", [sending(b""), resetting], ids=["closed", "reset"])
def test_a_request_on_a_fresh_connection_is_not_repeated(serve: Serve, fetch: Fetch, script: Script) -> None:
    """A connection that ends before its first answer is a fault of the server."""
    server = serve(script, answering(b"never asked for"))

    with pytest.raises(BROKEN):
        fetch(server.url, LONG_S)

    assert server.accepted == 1


@pytest.mark.parametrize("end", [Peer.hang_up, Peer.reset])
def test_an_answer_that_breaks_off_is_not_asked_for_again(
    serve: Serve, fetch: Fetch, end: Callable[[Peer], None]
) -> None:
    """A kept connection that ends within the body of an answer is no idle one."""
    half = sending(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", end)
    server = serve(answer_then_meet_request_with(half), answering(b"never asked for"))
    fetch(server.url, LONG_S)

    with pytest.raises(BROKEN):
        fetch(server.url, LONG_S)

    assert server.accepted == 1


def test_a_request_that_cannot_be_sent_in_time_is_late(serve: Serve, fetch: Fetch) -> None:
    """Sending counts as well; `requests` tells a timeout there as a broken connection, by its cause."""
    server = serve(Peer.read_nothing)

    with pytest.raises(requests.ConnectionError, match="timed out"):
        fetch(f"{server.url}/{'x' * 20_000_000}", SHORT_S)


def test_a_session_keeps_the_total_as_well(serve: Serve) -> None:
    """Mounted on a session, the adapter bounds what the session gets."""
    server = serve(SLOW_SCRIPTS["drips its headers"])
    started = time.monotonic()

    with requests.Session() as session:
        session.mount("http://", DeadlineAdapter())
        with pytest.raises(requests.Timeout):
            session.get(server.url, timeout=SHORT_S)

    assert time.monotonic() - started < GENEROUS_S
