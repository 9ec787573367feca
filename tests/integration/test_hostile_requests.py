"""What a hostile client can send, on real sockets: nothing is smuggled, nothing is too large, everything is logged."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

PollUntil = Callable[..., None]
ANSWER_S = 10.0
HEAD = b"PUT /faults HTTP/1.1\r\nHost: localhost\r\n"
HIDDEN = b"DELETE /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Service:
    """The recommendations service, its port and its log."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self._log = log

    def answer(self, sent: bytes) -> bytes:
        """Return all that comes back until the service closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_S) as connection:
            connection.sendall(sent)
            data = b""
            while more := connection.recv(65536):
                data += more
        return data

    def lines(self) -> list[dict[str, object]]:
        """Return what it has logged; each line must be JSON."""
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    def raw_lines(self) -> list[bytes]:
        """Return the bytes of each line, with its end."""
        return self._log.read_bytes().splitlines(keepends=True)


@contextmanager
def running_service(port: int, log: Path, poll_until: PollUntil) -> Iterator[Service]:
    """Run the service during the block."""
    environment = os.environ | {"RECOMMENDATIONS_SERVICE_PORT": str(port), "RECOMMENDATIONS_SERVICE_THREADS": "4"}
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "recommendations_service"], env=environment, stdout=file, stderr=file
        )
    try:
        poll_until(lambda: _listens(port))
        yield Service(process, port, log)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def service(
    free_ports: Callable[[int], list[int]], tmp_path_factory: pytest.TempPathFactory, poll_until: PollUntil
) -> Iterator[Service]:
    """Run one service for all tests that leave it well."""
    with running_service(free_ports(1)[0], tmp_path_factory.mktemp("service") / "log", poll_until) as service:
        yield service


@pytest.fixture
def own_service(free_ports: Callable[[int], list[int]], tmp_path: Path, poll_until: PollUntil) -> Iterator[Service]:
    """Run a service that the test may end."""
    with running_service(free_ports(1)[0], tmp_path / "log", poll_until) as service:
        yield service


def _listens(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/health", timeout=ANSWER_S).ok
    except requests.ConnectionError:
        return False


def test_smuggles_no_request(service: Service) -> None:
    """A request whose length two servers could see differently is refused, and nothing behind it is answered."""
    for framing in (
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
        b"X: y\r\n Transfer-Encoding: chunked\r\n\r\n",
        b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
        b"Content-Length: 0, 44\r\n\r\n",
        b"Content-Length: +0\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 0x2c\r\n\r\n",
        b"Content-Length : 44\r\n\r\n",
        b"X: y\nContent-Length: 44\r\n\r\n",
        b"X-Request-ID: a\nb\r\nContent-Length: 0\r\n\r\n",
        b"X-Request-ID: a\rb\r\nContent-Length: 0\r\n\r\n",
        b"X-Request-ID: a\x00b\r\nContent-Length: 0\r\n\r\n",
    ):
        answer = service.answer(HEAD + framing + HIDDEN)
        assert answer.count(b"HTTP/1.1 ") == 1, framing
        assert answer.split(b" ", 2)[1] in (b"400", b"411", b"501"), (framing, answer)
    assert "/smuggled" not in {line.get("path") for line in service.lines()}


@pytest.mark.parametrize(
    ("headers", "status"),
    [(b"X: " + b"x" * 9_000, b"431"), (b"\r\n".join(b"X-%d: y" % n for n in range(150)), b"431")],
    ids=["long", "many"],
)
def test_bounds_the_headers(service: Service, headers: bytes, status: bytes) -> None:
    """A header of more than 8 KB, and more than a hundred headers, are refused."""
    answer = service.answer(b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n\r\n")
    assert answer.split(b" ", 2)[1] == status


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60_000,
        b'{"kind":' * 8_000,
        b'{"kind": "slow", "delay_s": ' + b"9" * 50_000 + b"}",
        b'{"kind": "slow", "delay_s": 1e999}',
        b'{"kind": "slow", "delay_s": NaN}',
        b'{"kind": "hang", "product_id": ' + b"9" * 5_000 + b"}",
        b'{"kind": "' + b"k" * 60_000 + b'"}',
        b'{"kind": "\xff\xfe"}',
    ],
    ids=["depth", "depth of objects", "digits", "infinity", "no number", "id", "kind", "not UTF-8"],
)
def test_body_that_is_a_bomb_is_no_fault(service: Service, body: bytes) -> None:
    """A body that is deep, or holds huge numbers, gets one short 400, and no stack trace is logged."""
    answer = service.answer(HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert len(answer) < 2_000
    assert not [line for line in service.lines() if "exception" in line]


@pytest.mark.parametrize("product_id", ["9" * 8_000, "-1", "0", "1e3", "%31", "%00", "..%2f..", "1%0aX-Odd:%201"])
def test_odd_id_is_no_product(service: Service, product_id: str) -> None:
    """An id that is huge or odd gets 400 or 404, and adds no header to the answer."""
    request = f"GET /recommendations/{product_id} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = service.answer(request.encode())
    assert answer.split(b" ", 2)[1] in ((b"200",) if product_id == "%31" else (b"400", b"404"))
    assert b"X-Odd" not in answer.partition(b"\r\n\r\n")[0]


def test_tells_no_version(service: Service) -> None:
    """No answer says which version of what serves it."""
    answers = [
        service.answer(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        for path in (b"/health", b"/nowhere", b"/recommendations/x", b"nonsense")
    ]
    heads = [answer.partition(b"\r\n\r\n")[0].decode().splitlines() for answer in answers]
    told = [line for head in heads for line in head if line.lower().startswith(("server:", "x-powered-by:", "via:"))]
    assert not [line for line in told if any(character.isdigit() for character in line)]


def test_logs_a_short_line_for_every_request(own_service: Service) -> None:
    """A long path, a refused request and one that the end of the service cuts off have a line of JSON each."""
    own_service.answer(b"GET /" + b"%F0%9F" * 1_300 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    own_service.answer(b"PUT /too/large HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000000\r\n\r\n")
    own_service.answer(HEAD + b"Connection: close\r\nContent-Length: 16\r\n\r\n" + b'{"kind": "hang"}')
    with socket.create_connection(("127.0.0.1", own_service.port), timeout=ANSWER_S) as hanging:
        hanging.sendall(b"GET /recommendations/1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while (
            b'fault="hang"} 1.0' not in requests.get(f"http://127.0.0.1:{own_service.port}/metrics", timeout=9).content
        ):
            pass
        own_service.process.send_signal(signal.SIGTERM)
        assert hanging.recv(65536).startswith(b"HTTP/1.1 503 ")
    assert own_service.process.wait(30) == 0

    assert max(map(len, own_service.raw_lines())) <= 8 * 1024
    assert min(line[-1:] for line in own_service.raw_lines()) == b"\n"
    logged = {(line.get("status"), line.get("path")) for line in own_service.lines() if line["event"] == "request"}
    assert {(413, "/too/large"), (503, "/recommendations/1")} <= logged
    assert [path for status, path in logged if status == 404 and str(path).startswith("/")]
