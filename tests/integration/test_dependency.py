"""A call to another service, against real sockets: every way in which it can end has its own exception."""

import contextvars
import json
import socket
import time
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
    """Return a function that makes the client of a service."""
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
    """Return a JSON text that is so many bytes long."""
    return b'"' + b"x" * (length - 2) + b'"'


def as_chunks(body: bytes) -> bytes:
    """Return `body` as a response in one chunk."""
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def answering_once(peer: Peer) -> None:
    """Answer the first request, and close the connection on the second: a script."""
    peer.answer(b"1")
    peer.receive_request()


WHOLE_ANSWERS = {
    "with its length": answering(b"42"),
    "in chunks": sending(as_chunks(b"42")),
    "until the connection ends": sending(HEAD + b"\r\n42"),
    "a byte at a time": dripping(b"", response(b"42")),
}


@pytest.mark.parametrize("script", WHOLE_ANSWERS.values(), ids=WHOLE_ANSWERS)
def test_the_agreed_json_is_the_answer(serve: Serve, dependency_at: DependencyAt, script: Script) -> None:
    """A complete 200 with the agreed JSON is returned as what it was checked to be."""
    assert dependency_at(serve(script).url).get("/number", NUMBER) == 42


def test_the_path_is_asked_for_as_json(serve: Serve, dependency_at: DependencyAt) -> None:
    """The request is a GET of the path that says what it takes."""
    server = serve(answering())

    dependency_at(server.url).get("/products/7", NUMBER)

    [request] = server.requests
    assert request.startswith("GET /products/7 HTTP/1.1\r\n")
    assert header(request, "Accept") == ["application/json"]


SLOW = {
    "silent": silent,
    "drips its headers": dripping(HEAD, b"X-Filler: x\r\n" * 1000),
    "drips its body": dripping(HEAD + b"Content-Length: 10000\r\n\r\n", b"1" * 10_000),
    "stops in its body": sending(HEAD + b"Content-Length: 100\r\n\r\n1", Peer.wait_for_the_end),
    "drips an error": dripping(b"HTTP/1.1 404 Not Found\r\nContent-Length: 10000\r\n\r\n", b"1" * 10_000),
}


@pytest.mark.parametrize("script", SLOW.values(), ids=SLOW)
def test_an_answer_that_is_late_is_told_as_late(serve: Serve, dependency_at: DependencyAt, script: Script) -> None:
    """Whatever is not complete within the deadline is DeadlineExceeded, soon after the deadline."""
    dependency = dependency_at(serve(script).url, deadline_s=0.2)
    started = time.monotonic()

    with pytest.raises(DeadlineExceeded, match=r"\Adepot did not answer within 0\.2 s\Z"):
        dependency.get("/number", NUMBER)

    assert time.monotonic() - started < 2


BROKEN = {
    "reset": resetting,
    "closed without an answer": sending(b""),
    "reset in its body": sending(HEAD + b"Content-Length: 100\r\n\r\n42", Peer.reset),
    "ends between chunks": sending(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n42\r\n"),
    "ends in a chunk": sending(HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\n42"),
}


@pytest.mark.parametrize(
    "script",
    [
        *[pytest.param(script, id=name) for name, script in BROKEN.items()],
        pytest.param(sending(HEAD + b"Content-Length: 100\r\n\r\n42"), id="shorter than its length"),
    ],
)
def test_an_answer_that_breaks_off_is_none(serve: Serve, dependency_at: DependencyAt, script: Script) -> None:
    """A connection that ends before the answer is complete is Unreachable, never half an answer, and asked once."""
    server = serve(script, answering(b"42"))

    with pytest.raises(Unreachable, match=r"\Adepot is unreachable \(\w+\)\Z"):
        dependency_at(server.url).get("/number", NUMBER)

    assert server.accepted == 1


def test_a_refused_connection_is_told(refusing_url: str, dependency_at: DependencyAt) -> None:
    """A service that does not run is Unreachable, and the message says how."""
    with pytest.raises(Unreachable, match=r"\Adepot is unreachable \(ConnectionRefusedError\)\Z"):
        dependency_at(refusing_url).get("/number", NUMBER)


def test_a_host_that_does_not_exist_is_told(dependency_at: DependencyAt, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name without an address is Unreachable."""

    def unknown(*_arguments: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(Unreachable, match=r"\Adepot is unreachable \(gaierror\)\Z"):
        dependency_at("http://depot:1").get("/number", NUMBER)


def test_a_service_that_stopped_since_the_last_call_is_told(serve: Serve, dependency_at: DependencyAt) -> None:
    """When the request can't be repeated on a new connection, the service is Unreachable."""
    server = serve(answering_once)
    dependency = dependency_at(server.url)
    dependency.get("/number", NUMBER)
    server.refuse()

    with pytest.raises(Unreachable):
        dependency.get("/number", NUMBER)


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 ok\r\n\r\n",
        HEAD + b"X: " + b"x" * 100_000 + b"\r\n\r\n",
        HEAD + b"Content-Le",
    ],
    ids=["another protocol", "no status", "endless header", "headers that break off"],
)
def test_what_is_no_http_is_a_fault(serve: Serve, dependency_at: DependencyAt, data: bytes) -> None:
    """A server that speaks something else, or stops within its headers, is a faulty dependency."""
    with pytest.raises(DependencyError):
        dependency_at(serve(sending(data)).url).get("/number", NUMBER)


@pytest.mark.parametrize(
    "status",
    [
        "204 No Content",
        "201 Created",
        "302 Found",
        "304 Not Modified",
        "408 Request Timeout",
        "429 Too Many Requests",
        "500 Internal Server Error",
        "503 Service Unavailable",
        "599 Odd",
    ],
)
def test_a_status_of_trouble_is_a_bad_answer(serve: Serve, dependency_at: DependencyAt, status: str) -> None:
    """The dependency's own trouble is its fault, even with a body that would do; redirects are not followed."""
    body = b"" if status[:3] in {"204", "304"} else b"42"
    server = serve(answering(body, status, "Location: /elsewhere"))

    with pytest.raises(BadAnswer, match=rf"\Adepot answered {status[:3]}\Z"):
        dependency_at(server.url).get("/number", NUMBER)

    assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["400 Bad Request", "404 Not Found", "422 Unprocessable Content", "499 Odd"])
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error": "no such product", "id": 7}', "no such product"),
        (b'{"error": 7}', "7"),
        (b'{"message": "no"}', "rejected"),
        (b'["error"]', "rejected"),
        (b'"error"', "rejected"),
        (b"null", "rejected"),
        (b"<html>no", "rejected"),
        (b"\xff", "rejected"),
        (b"", "rejected"),
    ],
)
def test_a_rejection_is_an_answer(
    serve: Serve, dependency_at: DependencyAt, status: str, body: bytes, message: str
) -> None:
    """Any other 4xx says that the request was wrong: its status and its message are kept."""
    server = serve(answering(body, status))

    with pytest.raises(RequestRejected) as rejection:
        dependency_at(server.url).get("/number", NUMBER)

    assert (rejection.value.status, str(rejection.value)) == (int(status[:3]), message)
    assert not isinstance(rejection.value, DependencyError)


def test_a_rejection_too_deep_to_read_is_an_answer(serve: Serve, dependency_at: DependencyAt) -> None:
    """Whatever the body of a rejection is, it can't break the caller."""
    with pytest.raises(RequestRejected, match="rejected"):
        dependency_at(serve(answering(b"[" * 100_000, "404 Not Found")).url).get("/number", NUMBER)


@pytest.mark.parametrize(
    "body", [b"", b"4 2", b"<html>", b'{"number": 42}', b"null", b'"many"', b"42.5", b"\xff", b"[" * 100_000], ids=repr
)
def test_anything_but_the_agreed_json_is_a_bad_answer(serve: Serve, dependency_at: DependencyAt, body: bytes) -> None:
    """A 200 that isn't JSON, or isn't of the agreed shape, is the dependency's fault."""
    with pytest.raises(BadAnswer, match=r"\Adepot answered something that is not the agreed JSON\Z"):
        dependency_at(serve(answering(body)).url).get("/number", NUMBER)


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_json_does_not_know_is_a_bad_answer(serve: Serve, dependency_at: DependencyAt, number: bytes) -> None:
    """NaN and its like are no JSON."""
    with pytest.raises(BadAnswer):
        dependency_at(serve(answering(number)).url).get("/price", TypeAdapter(float))


@pytest.mark.parametrize(
    "script",
    [
        sending(response(as_text(MAX_BODY_BYTES + 1))),
        sending(as_chunks(as_text(MAX_BODY_BYTES + 1))),
        sending(HEAD + b"\r\n" + as_text(MAX_BODY_BYTES + 1)),
        sending(response(as_text(20 * MAX_BODY_BYTES))),
    ],
    ids=["with its length", "in chunks", "until the connection ends", "huge"],
)
def test_a_body_over_the_cap_is_a_bad_answer(serve: Serve, dependency_at: DependencyAt, script: Script) -> None:
    """The cap holds whatever the server says of the length, and the next call works."""
    dependency = dependency_at(serve(script, answering(b'"fine"')).url)

    with pytest.raises(BadAnswer, match=rf"\Adepot answered more than {MAX_BODY_BYTES} bytes\Z"):
        dependency.get("/text", TEXT)

    assert dependency.get("/text", TEXT) == "fine"


@pytest.mark.parametrize("whole", [response, as_chunks])
def test_a_body_at_the_cap_is_an_answer(
    serve: Serve, dependency_at: DependencyAt, whole: Callable[[bytes], bytes]
) -> None:
    """The cap itself is allowed."""
    server = serve(sending(whole(as_text(MAX_BODY_BYTES))))

    assert len(dependency_at(server.url).get("/text", TEXT)) == MAX_BODY_BYTES - 2


def test_the_request_id_goes_along(serve: Serve, dependency_at: DependencyAt) -> None:
    """The dependency works under the id of the request that called it, and each call has its own request's id."""
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
    [("200 OK", None), ("404 Not Found", RequestRejected), ("408 Request Timeout", BadAnswer), ("500 No", BadAnswer)],
)
def test_a_connection_is_used_again_after_any_complete_answer(
    serve: Serve, dependency_at: DependencyAt, status: str, outcome: type[Exception] | None
) -> None:
    """An unwelcome answer is no reason to connect anew."""
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


def test_a_dependency_that_came_back_is_reached(serve: Serve, dependency_at: DependencyAt) -> None:
    """Failures leave nothing behind: the next call is made on a new connection."""
    server = serve(resetting, BROKEN["reset in its body"], answering(b"42"))
    dependency = dependency_at(server.url)

    for _ in range(2):
        with pytest.raises(Unreachable):
            dependency.get("/number", NUMBER)

    assert dependency.get("/number", NUMBER) == 42


def test_an_idle_connection_that_was_closed_is_no_fault(serve: Serve, dependency_at: DependencyAt) -> None:
    """A request that met a closed kept connection is repeated, and the caller has its answer."""
    server = serve(answering_once, answering(b"2"))
    dependency = dependency_at(server.url)

    assert [dependency.get("/number", NUMBER) for _ in range(2)] == [1, 2]
    assert server.accepted == 2


def test_cookies_are_not_kept(serve: Serve, dependency_at: DependencyAt) -> None:
    """No request is coloured by the answer to an earlier one."""
    server = serve(answering(b"42", "200 OK", "Set-Cookie: colour=red"))
    dependency = dependency_at(server.url)

    for _ in range(2):
        dependency.get("/number", NUMBER)

    assert [header(request, "Cookie") for request in server.requests] == [[], []]


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_proxies_in_the_environment_are_ignored(
    serve: Serve, dependency_at: DependencyAt, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services call each other directly, whatever the environment says about the outside."""
    server, proxy = serve(answering(b"42")), serve(answering(b"0"))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, proxy.url)

    assert dependency_at(server.url).get("/number", NUMBER) == 42
    assert proxy.accepted == 0


def test_threads_share_a_dependency(serve: Serve, dependency_at: DependencyAt) -> None:
    """Calls that are made at the same time don't get each other's answers, and share as many connections as callers."""

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


def test_a_ping_is_satisfied_with_any_json(serve: Serve, dependency_at: DependencyAt) -> None:
    """The dependency is there when it answers on /health."""
    server = serve(answering(b'{"status": "ok"}'))

    dependency_at(server.url).ping()

    assert server.requests[0].startswith("GET /health ")


def test_a_ping_fails_like_any_call(refusing_url: str, dependency_at: DependencyAt) -> None:
    """The dependency is not there when nothing answers."""
    with pytest.raises(Unreachable):
        dependency_at(refusing_url).ping()


def test_a_request_that_cannot_be_sent_in_time_is_late(serve: Serve, dependency_at: DependencyAt) -> None:
    """A server that reads nothing is late, not unreachable."""
    with pytest.raises(DeadlineExceeded):
        dependency_at(serve(Peer.read_nothing).url, 0.2).get(f"/{'x' * 20_000_000}", NUMBER)
