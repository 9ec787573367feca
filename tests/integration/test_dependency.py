"""A call to another service on real sockets: each way in which it can fail has its own exception."""

import contextvars
import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import TypeAdapter

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
from shopkit import request_ids
from shopkit.dependency import MAX_BODY_BYTES, Dependency
from shopkit.errors import BadAnswer, DeadlineExceeded, DependencyError, RequestRejected, Unreachable

DependencyAt = Callable[..., Dependency]

NUMBER = TypeAdapter(int)
TEXT = TypeAdapter(str)
HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def dependency_at() -> Iterator[DependencyAt]:
    """Return a function that returns a client of the service at an address."""
    made: list[Dependency] = []

    def make(url: str, deadline_s: float = 30.0) -> Dependency:
        made.append(Dependency("depot", url, deadline_s=deadline_s, max_connections=4))
        return made[-1]

    yield make
    for dependency in made:
        dependency._adapter.close()


def header(request: str, name: str) -> list[str]:
    """Return the values of a header in the head of a request."""
    lines = [line.partition(": ") for line in request.split("\r\n")[1:]]
    return [value for key, _, value in lines if key.lower() == name.lower()]


def as_text(length: int) -> bytes:
    """Return a JSON text of this many bytes."""
    return b'"' + b"x" * (length - 2) + b'"'


def as_chunks(body: bytes) -> bytes:
    """Return `body` as a response in one chunk."""
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


WHOLE_ANSWERS = {
    "with its length": answering(b"42"),
    "in chunks": sending(as_chunks(b"42")),
    "until the connection ends": sending(HEAD + b"\r\n42"),
}


@pytest.mark.parametrize("script", WHOLE_ANSWERS.values(), ids=WHOLE_ANSWERS)
def test_returns_agreed_json(serve: Serve, dependency_at: DependencyAt, script: Script) -> None:
    """A complete 200 with the agreed JSON is returned, however the server marks its end."""
    assert dependency_at(serve(script).url).get("/number", NUMBER) == 42


def test_asks_for_json(serve: Serve, dependency_at: DependencyAt) -> None:
    """A request is a GET of the path and accepts JSON."""
    server = serve(answering())

    dependency_at(server.url).get("/products/7", NUMBER)

    [request] = server.requests
    assert request.startswith("GET /products/7 HTTP/1.1\r\n")
    assert header(request, "Accept") == ["application/json"]


SLOW = {
    "silent": silent,
    "stops in its body": sending(HEAD + b"Content-Length: 100\r\n\r\n1", Peer.wait_for_the_end),
    "drips an error": dripping(b"HTTP/1.1 404 Not Found\r\nContent-Length: 10000\r\n\r\n", b"1" * 10_000),
}


@pytest.mark.parametrize("script", SLOW.values(), ids=SLOW)
def test_late_answer(serve: Serve, dependency_at: DependencyAt, script: Script) -> None:
    """An answer that is not complete within the deadline raises DeadlineExceeded."""
    dependency = dependency_at(serve(script).url, deadline_s=0.2)

    with pytest.raises(DeadlineExceeded, match=r"\Adepot did not answer within 0\.2 s\Z"):
        dependency.get("/number", NUMBER)


BROKEN = {
    "closed without an answer": sending(b""),
    "reset in its body": sending(HEAD + b"Content-Length: 100\r\n\r\n42", Peer.reset),
    "ends in a chunk": sending(HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\n42"),
    "shorter than its length": sending(HEAD + b"Content-Length: 100\r\n\r\n42"),
}


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
def test_broken_answer(serve: Serve, dependency_at: DependencyAt, script: Script) -> None:
    """A connection that ends before the answer is complete raises Unreachable, and the request is not repeated."""
    server = serve(script, answering(b"42"))

    with pytest.raises(Unreachable, match=r"\Adepot is unreachable \(\w+\)\Z"):
        dependency_at(server.url).get("/number", NUMBER)

    assert server.accepted == 1


def test_refused_connection(refusing_url: str, dependency_at: DependencyAt) -> None:
    """A service that does not run raises Unreachable with the system's error."""
    with pytest.raises(Unreachable, match=r"\Adepot is unreachable \(ConnectionRefusedError\)\Z"):
        dependency_at(refusing_url).get("/number", NUMBER)


def test_unknown_host(dependency_at: DependencyAt, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host name without an address raises Unreachable."""

    def unknown(*_arguments: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(Unreachable, match=r"\Adepot is unreachable \(gaierror\)\Z"):
        dependency_at("http://depot:1").get("/number", NUMBER)


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        HEAD + b"Content-Le",
    ],
    ids=["another protocol", "headers that break off"],
)
def test_answer_that_is_not_http(serve: Serve, dependency_at: DependencyAt, data: bytes) -> None:
    """A server that does not speak HTTP, or stops within its headers, raises a DependencyError."""
    with pytest.raises(DependencyError):
        dependency_at(serve(sending(data)).url).get("/number", NUMBER)


@pytest.mark.parametrize(
    "status",
    [
        "201 Created",
        "302 Found",
        "408 Request Timeout",
        "429 Too Many Requests",
        "500 Internal Server Error",
    ],
)
def test_status_of_faulty_dependency(serve: Serve, dependency_at: DependencyAt, status: str) -> None:
    """A status outside 200 and 4xx, and 408 and 429, raises BadAnswer, and a redirect is not followed."""
    server = serve(answering(b"42", status, "Location: /elsewhere"))

    with pytest.raises(BadAnswer, match=rf"\Adepot answered {status[:3]}\Z"):
        dependency_at(server.url).get("/number", NUMBER)

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        ("404 Not Found", b'{"error": "no such product", "id": 7}', "no such product"),
        ("400 Bad Request", b'{"message": "no"}', "rejected"),
        ("422 Unprocessable Content", b"null", "rejected"),
        ("499 Odd", b"", "rejected"),
        pytest.param("404 Not Found", b"[" * 100_000, "rejected", id="100000 brackets"),
    ],
)
def test_rejection(serve: Serve, dependency_at: DependencyAt, status: str, body: bytes, message: str) -> None:
    """Any other 4xx raises RequestRejected, which is no fault, with its status and its message if it has one."""
    server = serve(answering(body, status))

    with pytest.raises(RequestRejected) as rejection:
        dependency_at(server.url).get("/number", NUMBER)

    assert (rejection.value.status, str(rejection.value)) == (int(status[:3]), message)
    assert not isinstance(rejection.value, DependencyError)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"null", b"[" * 100_000], ids=["empty", "no JSON", "another type", "100000 brackets"]
)
def test_body_is_not_the_agreed_json(serve: Serve, dependency_at: DependencyAt, body: bytes) -> None:
    """A 200 whose body is not JSON, or not of the agreed type, raises BadAnswer."""
    with pytest.raises(BadAnswer, match=r"\Adepot answered something that is not the agreed JSON\Z"):
        dependency_at(serve(answering(body)).url).get("/number", NUMBER)


def test_nan_is_not_json(serve: Serve, dependency_at: DependencyAt) -> None:
    """NaN, which JSON does not have, raises BadAnswer."""
    with pytest.raises(BadAnswer):
        dependency_at(serve(answering(b"NaN")).url).get("/price", TypeAdapter(float))


@pytest.mark.parametrize(
    "script",
    [
        sending(response(as_text(MAX_BODY_BYTES + 1))),
        sending(as_chunks(as_text(MAX_BODY_BYTES + 1))),
        sending(HEAD + b"\r\n" + as_text(MAX_BODY_BYTES + 1)),
    ],
    ids=["with its length", "in chunks", "until the connection ends"],
)
def test_body_over_size_cap(serve: Serve, dependency_at: DependencyAt, script: Script) -> None:
    """A body over the cap raises BadAnswer, however the server marks its end, and the next call succeeds."""
    dependency = dependency_at(serve(script, answering(b'"fine"')).url)

    with pytest.raises(BadAnswer, match=rf"\Adepot answered more than {MAX_BODY_BYTES} bytes\Z"):
        dependency.get("/text", TEXT)

    assert dependency.get("/text", TEXT) == "fine"


def test_body_at_size_cap(serve: Serve, dependency_at: DependencyAt) -> None:
    """A body of exactly the cap's size is an answer."""
    server = serve(sending(response(as_text(MAX_BODY_BYTES))))

    assert len(dependency_at(server.url).get("/text", TEXT)) == MAX_BODY_BYTES - 2


def test_passes_on_request_id(serve: Serve, dependency_at: DependencyAt) -> None:
    """Each call carries the id of the request that it is made for."""
    server = serve(answering())
    dependency = dependency_at(server.url)

    def call(request_id: str) -> None:
        request_ids.begin(request_id)
        dependency.get("/number", NUMBER)

    for request_id in ("abc", "def"):
        contextvars.Context().run(call, request_id)

    assert [header(request, "X-Request-ID") for request in server.requests] == [["abc"], ["def"]]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("200 OK", None), ("404 Not Found", RequestRejected), ("500 No", BadAnswer)],
)
def test_reuses_connection_after_complete_answer(
    serve: Serve, dependency_at: DependencyAt, status: str, outcome: type[Exception] | None
) -> None:
    """A complete answer leaves the connection open, also when it is an error."""
    server = serve(answering(b"42", status))
    dependency = dependency_at(server.url)

    for _ in range(3):
        if outcome is None:
            dependency.get("/number", NUMBER)
        else:
            with pytest.raises(outcome):
                dependency.get("/number", NUMBER)

    assert server.accepted == 1
    assert len(server.requests) == 3


def test_reaches_dependency_that_came_back(serve: Serve, dependency_at: DependencyAt) -> None:
    """A call after failures is made on a new connection and succeeds."""
    server = serve(resetting, BROKEN["reset in its body"], answering(b"42"))
    dependency = dependency_at(server.url)

    for _ in range(2):
        with pytest.raises(Unreachable):
            dependency.get("/number", NUMBER)

    assert dependency.get("/number", NUMBER) == 42


def test_keeps_no_cookies(serve: Serve, dependency_at: DependencyAt) -> None:
    """A cookie that the dependency sets is not sent back."""
    server = serve(answering(b"42", "200 OK", "Set-Cookie: colour=red"))
    dependency = dependency_at(server.url)

    for _ in range(2):
        dependency.get("/number", NUMBER)

    assert [header(request, "Cookie") for request in server.requests] == [[], []]


def test_ignores_proxies_of_environment(
    serve: Serve, dependency_at: DependencyAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services call each other directly although the environment names a proxy."""
    server, proxy = serve(answering(b"42")), serve(answering(b"0"))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("ALL_PROXY", proxy.url)

    assert dependency_at(server.url).get("/number", NUMBER) == 42
    assert proxy.accepted == 0


def test_threads_share_a_dependency(serve: Serve, dependency_at: DependencyAt) -> None:
    """Concurrent calls get their own answers and use no more connections than there are callers."""

    def echo(peer: Peer) -> None:
        while True:
            path = peer.receive_request().split()[1]
            peer.send(response(json.dumps(path).encode()))

    server = serve(echo)
    dependency = dependency_at(server.url)
    paths = [f"/{number}" for number in range(100)]

    with ThreadPoolExecutor(4) as callers:
        answers = list(callers.map(lambda path: dependency.get(path, TEXT), paths))

    assert answers == paths
    assert server.accepted <= 4


def test_ping_accepts_any_json(serve: Serve, dependency_at: DependencyAt) -> None:
    """A ping succeeds when the dependency answers /health with any JSON."""
    server = serve(answering(b'{"status": "ok"}'))

    dependency_at(server.url).ping()

    assert server.requests[0].startswith("GET /health ")


def test_request_that_cannot_be_sent_is_late(serve: Serve, dependency_at: DependencyAt) -> None:
    """A server that reads nothing raises DeadlineExceeded, because sending counts towards the deadline."""
    with pytest.raises(DeadlineExceeded):
        dependency_at(serve(Peer.read_nothing).url, 0.2).get(f"/{'x' * 20_000_000}", NUMBER)
