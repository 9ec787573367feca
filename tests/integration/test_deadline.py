"""The transport on real sockets: its timeout is a total, and it repeats a request that met a closed idle connection.

No test measures time. A server that never ends its answer would hold a caller without a total until pytest's timeout.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import urllib3
from urllib3.util.connection import create_connection

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
from shopkit import deadline, waits
from shopkit.deadline import DeadlineAdapter

Fetch = Callable[[str, float], bytes]

SHORT_S = 0.2
LONG_S = 3600.0  # never reached
TOO_LATE = (requests.Timeout, urllib3.exceptions.TimeoutError)  # while waiting for headers, while reading the body
BROKEN = (requests.ConnectionError, urllib3.exceptions.HTTPError)


class Clock:
    """A monotonic clock that a test moves forward."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def monotonic(self) -> float:
        """Return the time in seconds."""
        return time.monotonic() + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self._ahead_s += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock that the transport reads."""
    clock = Clock()
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


@pytest.fixture
def fetch() -> Iterator[Fetch]:
    """Return a function that gets the body at an address within a deadline and keeps its connection open."""
    adapter = DeadlineAdapter()

    def get(url: str, deadline_s: float) -> bytes:
        request = requests.Request("GET", url).prepare()
        body: bytes = adapter.send(request, stream=True, timeout=deadline_s).raw.read()
        return body

    yield get
    adapter.close()


@pytest.fixture
def _pool_trusts_idle_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide closed connections from urllib3, as when the server closes one just after the check."""
    monkeypatch.setattr("urllib3.connectionpool.is_connection_dropped", lambda _connection: False)


def answer_then(end: Callable[[Peer], None], closed: threading.Event) -> Script:
    """Return a script that answers once, ends the idle connection, and sets `closed`."""

    def script(peer: Peer) -> None:
        peer.answer(b"first")
        end(peer)
        closed.set()

    return script


def answer_then_meet_request_with(then: Script) -> Script:
    """Return a script that answers once, and runs another script for the second request of the connection."""

    def script(peer: Peer) -> None:
        peer.answer(b"first")
        then(peer)

    return script


HEAD = b"HTTP/1.1 200 OK\r\n"
ENDLESS = {
    "silent": silent,
    "drips its headers": dripping(HEAD, b"X-Filler: x\r\n" * 1000),
    "drips its body": dripping(HEAD + b"Content-Length: 10000\r\n\r\n", b"x" * 10_000),
    "drips its chunks": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 10_000),
}


@pytest.mark.parametrize("script", ENDLESS.values(), ids=ENDLESS)
def test_timeout_is_a_total(serve: Serve, fetch: Fetch, script: Script) -> None:
    """A call ends at its deadline, whichever part of the answer the server spreads out, and is not repeated."""
    server = serve(script)

    with pytest.raises(TOO_LATE):
        fetch(server.url, SHORT_S)

    assert server.accepted == 1


@pytest.mark.parametrize("script", [silent, ENDLESS["drips its body"]], ids=["silent", "drips its body"])
def test_timeout_is_a_total_on_kept_connection(serve: Serve, fetch: Fetch, script: Script) -> None:
    """The second request of a connection has a budget of its own, and is not repeated when that runs out."""
    server = serve(answer_then_meet_request_with(script), answering(b"never asked for"))
    fetch(server.url, LONG_S)

    with pytest.raises(TOO_LATE):
        fetch(server.url, SHORT_S)

    assert server.accepted == 1
    assert len(server.requests) == 2


def test_budget_ends_with_its_request(serve: Serve, fetch: Fetch, clock: Clock) -> None:
    """A later request on the same connection is not bound by the budget of an earlier one."""
    server = serve(answering(b"x"))
    fetch(server.url, LONG_S)
    clock.advance(2 * LONG_S)

    assert fetch(server.url, LONG_S) == b"x"
    assert server.accepted == 1


def test_slow_answer_within_deadline_succeeds(serve: Serve, fetch: Fetch) -> None:
    """An answer that drips is complete when it ends before the deadline."""
    server = serve(dripping(b"", response(b"slow but sure"), interval_s=0.001))

    assert fetch(server.url, LONG_S) == b"slow but sure"


def test_late_call_leaves_no_thread(serve: Serve, fetch: Fetch) -> None:
    """The deadline is kept on the caller's own thread."""
    server = serve(silent)
    before = set(threading.enumerate())

    with pytest.raises(TOO_LATE):
        fetch(server.url, SHORT_S)

    added = set(threading.enumerate()) - before
    assert {thread.name for thread in added} <= {"scripted-server"}


def test_reuses_connection(serve: Serve, fetch: Fetch) -> None:
    """All requests go over one connection while the server keeps it open."""
    server = serve(answering(b"x"))

    assert [fetch(server.url, LONG_S) for _ in range(5)] == [b"x"] * 5
    assert server.accepted == 1


def test_late_call_gives_up_its_connection(serve: Serve, fetch: Fetch) -> None:
    """The rest of a late answer is never taken for the answer to the next request."""
    server = serve(silent, answering(b"second"))

    with pytest.raises(TOO_LATE):
        fetch(server.url, SHORT_S)

    assert fetch(server.url, LONG_S) == b"second"
    assert server.accepted == 2


def test_replaces_connection_seen_closed(serve: Serve, fetch: Fetch) -> None:
    """A request after the server closed the idle connection goes out once, on a new connection."""
    closed = threading.Event()
    server = serve(answer_then(Peer.hang_up, closed), answering(b"second"))
    fetch(server.url, LONG_S)
    assert closed.wait(10)

    assert fetch(server.url, LONG_S) == b"second"
    assert server.accepted == 2
    assert len(server.requests) == 2


@pytest.mark.usefixtures("_pool_trusts_idle_connections")
@pytest.mark.parametrize("end", [Peer.hang_up, Peer.reset])
def test_repeats_request_on_closed_connection(serve: Serve, fetch: Fetch, end: Callable[[Peer], None]) -> None:
    """A request that finds the idle connection closed only on sending is repeated on a new connection."""
    closed = threading.Event()
    server = serve(answer_then(end, closed), answering(b"second"))
    fetch(server.url, LONG_S)
    assert closed.wait(10)

    assert fetch(server.url, LONG_S) == b"second"
    assert server.accepted == 2


def test_repeats_the_same_request(serve: Serve, fetch: Fetch) -> None:
    """A request whose kept connection ends without a byte of the answer is repeated with the same line and headers."""
    server = serve(answer_then_meet_request_with(resetting), answering(b"second"))
    fetch(server.url, LONG_S)

    assert fetch(f"{server.url}/related/1", LONG_S) == b"second"

    _first, lost, repeated = server.requests
    assert lost == repeated
    assert lost.startswith("GET /related/1 HTTP/1.1\r\n")


def test_repeats_unanswered_request_once(serve: Serve, fetch: Fetch) -> None:
    """A repetition that ends like the request before it is an error, and there is no third attempt."""
    server = serve(answer_then_meet_request_with(sending(b"")), sending(b""), answering(b"never asked for"))
    fetch(server.url, LONG_S)

    with pytest.raises(BROKEN):
        fetch(server.url, LONG_S)

    assert server.accepted == 2
    assert len(server.requests) == 3


@pytest.mark.usefixtures("_pool_trusts_idle_connections")
def test_repeats_unsent_request_once(serve: Serve, fetch: Fetch) -> None:
    """A request that could not be sent on the kept connection is repeated once, too."""
    closed = threading.Event()
    server = serve(answer_then(Peer.reset, closed), resetting, answering(b"never asked for"))
    fetch(server.url, LONG_S)
    assert closed.wait(10)

    with pytest.raises(BROKEN):
        fetch(server.url, LONG_S)

    assert server.accepted == 2


def test_refused_repetition_is_an_error(serve: Serve, fetch: Fetch) -> None:
    """A server that has stopped since the last request is an error."""
    server = serve(answer_then_meet_request_with(resetting))
    fetch(server.url, LONG_S)
    server.refuse()

    with pytest.raises(BROKEN):
        fetch(server.url, LONG_S)


def test_repetition_shares_the_budget(serve: Serve, fetch: Fetch, clock: Clock) -> None:
    """A repetition has what the request before it left of the deadline."""

    def reset_late(peer: Peer) -> None:
        peer.receive_request()
        clock.advance(LONG_S - SHORT_S)
        peer.reset()

    server = serve(answer_then_meet_request_with(reset_late), ENDLESS["drips its body"])
    fetch(server.url, LONG_S)

    with pytest.raises(TOO_LATE):
        fetch(server.url, LONG_S)

    assert server.accepted == 2


def test_no_repetition_after_the_deadline(serve: Serve, fetch: Fetch, clock: Clock) -> None:
    """A request is not repeated when its budget is used up."""

    def reset_too_late(peer: Peer) -> None:
        peer.receive_request()
        clock.advance(LONG_S)
        peer.reset()

    server = serve(answer_then_meet_request_with(reset_too_late), answering(b"never asked for"))
    fetch(server.url, LONG_S)

    with pytest.raises(TOO_LATE):
        fetch(server.url, LONG_S)

    assert server.accepted == 1


def test_repeats_nothing_on_fresh_connection(serve: Serve, fetch: Fetch) -> None:
    """A connection that ends before its first answer is an error, and the request is not repeated."""
    server = serve(sending(b""), answering(b"never asked for"))

    with pytest.raises(BROKEN):
        fetch(server.url, LONG_S)

    assert server.accepted == 1


def test_repeats_nothing_after_half_an_answer(serve: Serve, fetch: Fetch) -> None:
    """A kept connection that ends within an answer is an error, and the request is not repeated."""
    half = sending(HEAD + b"Content-Length: 9\r\n\r\nhalf", Peer.reset)
    server = serve(answer_then_meet_request_with(half), answering(b"never asked for"))
    fetch(server.url, LONG_S)

    with pytest.raises(BROKEN):
        fetch(server.url, LONG_S)

    assert server.accepted == 1


class Network:
    """Name look-ups and connections that succeed or time out, and take the time that they were given."""

    def __init__(self, clock: Clock, *, look_up_s: float = 0.0) -> None:
        self.look_up_s = look_up_s
        self.given_s: list[float] = []
        self.open: set[str] = set()
        self._clock = clock
        self._connect = create_connection

    def look_up(self, _host: str, port: int, *_: object) -> list[tuple[object, ...]]:
        """Return two addresses."""
        self._clock.advance(self.look_up_s)
        return [(0, 0, 0, "", (address, port)) for address in ("192.0.2.1", "127.0.0.1")]

    def connect(self, address: tuple[str, int], timeout: float, **options: Any) -> socket.socket:
        """Connect where the address is open; else time out."""
        self.given_s.append(timeout)
        if address[0] in self.open:
            return self._connect(address, timeout, **options)
        self._clock.advance(timeout)
        raise TimeoutError


@pytest.fixture
def network(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Network:
    """Return a network in which every host has two addresses, and none answers."""
    network = Network(clock)
    own = SimpleNamespace(**vars(socket) | {"getaddrinfo": network.look_up})
    monkeypatch.setattr(deadline, "socket", own)
    monkeypatch.setattr(deadline, "create_connection", network.connect)
    return network


def test_addresses_of_a_host_share_the_budget(fetch: Fetch, network: Network) -> None:
    """A host with two addresses that do not answer is given up after one deadline, the name look-up included."""
    network.look_up_s = 1000

    with pytest.raises(requests.ConnectTimeout):
        fetch("http://shop.example", LONG_S)

    assert network.given_s == pytest.approx([1300, 1300], abs=10)


def test_second_address_is_tried(serve: Serve, fetch: Fetch, network: Network) -> None:
    """When the first address does not answer, the second one still has half of the budget."""
    server = serve(answering(b"x"))
    network.open = {"127.0.0.1"}

    assert fetch(server.url, LONG_S) == b"x"
    assert network.given_s == pytest.approx([LONG_S / 2] * 2, abs=10)


def test_late_name_look_up_ends_the_call(fetch: Fetch, network: Network) -> None:
    """A name look-up that takes longer than the deadline is followed by no attempt to connect."""
    network.look_up_s = LONG_S

    with pytest.raises(requests.ConnectTimeout):
        fetch("http://shop.example", LONG_S)

    assert network.given_s == []


def test_session_keeps_the_total(serve: Serve) -> None:
    """The timeout is a total for a session that the adapter is mounted on."""
    server = serve(ENDLESS["drips its headers"])

    with requests.Session() as session:
        session.mount("http://", DeadlineAdapter())
        with pytest.raises(requests.Timeout):
            session.get(server.url, timeout=SHORT_S)


def test_watch_ends_the_wait(serve: Serve, fetch: Fetch) -> None:
    """Whoever watches the thread may end its wait for a silent server, with an error of their own."""
    looks: list[float] = []

    def watch() -> float:
        looks.append(0.01)
        if len(looks) == 3:
            raise RuntimeError("enough")
        return looks[-1]

    with waits.watched_by(watch), pytest.raises(RuntimeError, match="enough"):
        fetch(serve(silent).url, LONG_S)


def test_watched_wait_goes_on(serve: Serve, fetch: Fetch) -> None:
    """Looks do not disturb an answer that takes its time, head and body, and the deadline still ends the wait."""
    with waits.watched_by(lambda: 0.001):
        assert fetch(serve(dripping(b"", response(b"slow"), interval_s=0.005)).url, LONG_S) == b"slow"
        with pytest.raises(TOO_LATE):
            fetch(serve(silent).url, SHORT_S)
