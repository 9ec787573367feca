"""The worker under every service, on real sockets: no client takes a thread from another."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psutil
import pytest
import requests

from integration.slow_service import CONNECTIONS
from shopkit.ports import host_and_port
from support.networks import require_ipv6

PollUntil = Callable[..., None]
ANSWER_S = 10.0  # on a busy machine; a client that holds up the service holds it for longer
THREADS = 2


class Service:
    """The service, and raw connections to it."""

    def __init__(self, process: subprocess.Popen[bytes], host: str, port: int) -> None:
        self.process = process
        self.port = port
        self.url = f"http://{host_and_port(host, port)}"
        self.connections: list[socket.socket] = []

    def connect(self, sent: bytes = b"") -> socket.socket:
        """Return a connection over which these bytes went."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_S)
        connection.sendall(sent)
        self.connections.append(connection)
        return connection

    def close_connections(self) -> None:
        """Close every raw connection."""
        while self.connections:
            self.connections.pop().close()

    def get(self, path: str) -> requests.Response:
        """Return the answer on a connection of its own."""
        return requests.get(f"{self.url}{path}", timeout=ANSWER_S)


@contextmanager
def running_service(
    port: int, poll_until: PollUntil, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Iterator[Service]:
    """Run the service during the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "integration.slow_service"],
        env=os.environ | {"SLOW_SERVICE_PORT": str(port), **(environment or {})},
        cwd=cwd,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    service = Service(process, (environment or {}).get("LISTEN_HOST", "127.0.0.1"), port)
    try:
        poll_until(partial(_answers, service), within_s=30)
        yield service
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def shared(free_ports: Callable[[int], list[int]], poll_until: PollUntil) -> Iterator[Service]:
    """Run one service for the tests that leave it well."""
    with running_service(free_ports(1)[0], poll_until) as service:
        yield service


@pytest.fixture
def service(shared: Service) -> Iterator[Service]:
    """Return the shared service; the test's connections are closed after it."""
    yield shared
    shared.close_connections()


@pytest.fixture
def own_service(free_ports: Callable[[int], list[int]], poll_until: PollUntil) -> Iterator[Service]:
    """Run a service that the test may end."""
    with running_service(free_ports(1)[0], poll_until) as service:
        yield service
        service.close_connections()


def _answers(service: Service) -> bool:
    with suppress(requests.ConnectionError):
        return service.get("/health").ok
    return False


def received(connection: socket.socket) -> bytes:
    """Return all that comes until the other side closes."""
    data = b""
    while more := connection.recv(65536):
        data += more
    return data


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /echo HT", b"PUT /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf"],
    ids=["nothing", "half a head", "half a body"],
)
def test_incomplete_requests_hold_no_thread(service: Service, sent: bytes) -> None:
    """A request is answered while more clients than there are threads have sent only a part of theirs."""
    for _ in range(THREADS * 4):
        service.connect(sent)

    assert service.get("/echo").text == "nothing"


def test_unread_answers_hold_up_nobody(service: Service) -> None:
    """A client that neither reads the end of its answer nor closes does not stop the event loop."""
    for _ in range(THREADS * 4):
        service.connect(b"GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    assert service.get("/echo").ok


def test_request_in_pieces_is_answered(service: Service) -> None:
    """A request that arrives byte by byte gets its answer, and so do two that arrive at once."""
    connection = service.connect()
    request = b"PUT /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n"
    for byte in request + b"slow":
        connection.sendall(bytes([byte]))
    connection.sendall(request + b"both" + request.replace(b"Host", b"Connection: close\r\nHost") + b"ways")

    answers = received(connection)
    assert [answer[-4:] for answer in answers.split(b"HTTP/1.1 200 OK")[1:]] == [b"slow", b"both", b"ways"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"PUT /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000000\r\n\r\n", 413),
        (b"PUT /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"GET /echo HTTP/1.1\r\nX: " + b"x" * 70_000, 431),
        (b"GET /echo HTTP/1.1\r\nHost", 408),
        (b"PUT /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf", 408),
        (b"PUT /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"nonsense\r\n\r\n", 400),
    ],
    ids=["large body", "unknown length", "large head", "slow head", "slow body", "two lengths", "no request"],
)
def test_refuses_what_it_cannot_take(service: Service, sent: bytes, status: int) -> None:
    """A request that is too large, too slow or malformed gets its status and a problem, and its connection closes."""
    answer = received(service.connect(sent))

    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"\r\nContent-Type: application/problem+json\r\n" in answer
    assert b'{"error": ' in answer


def test_client_may_wait_for_continue(service: Service) -> None:
    """A client that expects `100 Continue` gets it, and then its answer."""
    head = (
        b"PUT /echo HTTP/1.1\r\nHost: [::1]\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"
    )
    connection = service.connect(head)
    assert connection.recv(65536).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")

    connection.sendall(b"ok")

    assert received(connection).endswith(b"\r\n\r\nok")


def test_control_paths_are_answered_while_all_threads_hang(own_service: Service) -> None:
    """The health of a service can be asked for when every other request hangs."""
    for _ in range(THREADS * 2):
        own_service.connect(b"GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert own_service.get("/health").ok


def test_newcomer_takes_the_place_of_the_idle(service: Service) -> None:
    """With as many idle connections as there may be, the oldest is closed for a new one."""
    idle = [service.connect() for _ in range(CONNECTIONS + 5)]

    assert service.get("/echo").ok
    assert idle[0].recv(1) == b""


def test_idle_client_that_speaks_up_too_late_ends_nothing(own_service: Service) -> None:
    """A client that loses its place to a newcomer in the moment in which it sends is gone, and the service is not."""
    (worker,) = psutil.Process(own_service.process.pid).children()
    idle = [own_service.connect() for _ in range(CONNECTIONS + 5)]
    assert own_service.get("/echo").ok

    worker.suspend()
    own_service.connect()
    for connection in idle[-CONNECTIONS:]:
        connection.sendall(b"G")
    worker.resume()

    assert own_service.get("/echo").ok
    assert psutil.Process(own_service.process.pid).children() == [worker]


@pytest.fixture
def patient_service(free_ports: Callable[[int], list[int]], poll_until: PollUntil) -> Iterator[Service]:
    """Run a service that may take its time to stop, as on a busy machine."""
    with running_service(free_ports(1)[0], poll_until, {"STOP_S": "60"}) as service:
        yield service
        service.close_connections()


def test_stopping_service_answers_what_it_has_accepted(patient_service: Service, poll_until: PollUntil) -> None:
    """On SIGTERM, requests that run, that wait for a thread and that come on an open connection are answered."""
    session = requests.Session()
    session.get(f"{patient_service.url}/echo", timeout=ANSWER_S)
    request = b"GET /wait/0.5 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    running = [patient_service.connect(request) for _ in range(THREADS * 2)]
    poll_until(lambda: "http_requests_in_flight 3.0" in patient_service.get("/metrics").text)
    patient_service.process.send_signal(signal.SIGTERM)
    late = session.get(f"{patient_service.url}/health", timeout=ANSWER_S)
    assert [received(connection).endswith(b"waited") for connection in running] == [True] * THREADS * 2
    assert late.ok
    assert patient_service.process.wait(60) == 0


def test_stopping_service_tells_those_who_still_wait(own_service: Service) -> None:
    """A call that hangs when the service ends is answered with 503, and nothing of the service is left."""
    connection = own_service.connect(b"GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert own_service.get("/health").ok
    own_service.process.send_signal(signal.SIGTERM)

    answer = received(connection)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: 5\r\n" in answer
    assert own_service.process.wait(ANSWER_S) == 0


def test_listens_on_an_ipv6_address(free_ports: Callable[[int], list[int]], poll_until: PollUntil) -> None:
    """LISTEN_HOST may be an IPv6 address."""
    require_ipv6()
    with running_service(free_ports(1)[0], poll_until, {"LISTEN_HOST": "::1"}) as service:
        assert service.get("/echo").text == "nothing"


def test_hangup_that_nohup_ignores_ends_nothing(free_ports: Callable[[int], list[int]], poll_until: PollUntil) -> None:
    """A signal that was ignored when the service started stays ignored, by its worker as well."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which the service inherits
    try:
        with running_service(free_ports(1)[0], poll_until) as service:
            connection = service.connect()
            os.killpg(service.process.pid, signal.SIGHUP)
            connection.sendall(b"GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert received(connection).endswith(b"nothing")
            service.close_connections()
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of memory, for the threads' stacks")
def test_says_when_there_cannot_be_so_many_threads(free_ports: Callable[[int], list[int]]) -> None:
    """A service that cannot have its threads ends with status 3 and one line."""
    command = f"ulimit -v 4000000; exec {sys.executable} -m recommendations_service"
    environment = os.environ | {
        "RECOMMENDATIONS_SERVICE_PORT": str(free_ports(1)[0]),
        "RECOMMENDATIONS_SERVICE_THREADS": "1000",  # of 8 MB each
    }
    shell = ["sh", "-c", command]
    done = subprocess.run(shell, env=environment, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own
    assert done.returncode == 3
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)
    assert done.stderr.startswith("recommendations-service: cannot start 1004 threads: this system allows no more;")


def test_gunicorn_settings_of_the_user_have_no_say(
    free_ports: Callable[[int], list[int]], poll_until: PollUntil, tmp_path: Path
) -> None:
    """A service started by hand has one worker and its own address, whatever is set for another gunicorn."""
    port, other = free_ports(2)
    settings = f"bind = '127.0.0.1:{other}'\nworkers = 3\n"
    (tmp_path / "gunicorn.conf.py").write_text(settings)
    hostile = {
        "WEB_CONCURRENCY": "3",
        "GUNICORN_CMD_ARGS": f"--workers 3 --bind 127.0.0.1:{other}",
        "PORT": str(other),
        "SENDFILE": "perhaps",
        "FORWARDED_ALLOW_IPS": "*",
    }
    with running_service(port, poll_until, hostile, tmp_path) as service:
        assert len(psutil.Process(service.process.pid).children()) == 1
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", other), timeout=ANSWER_S)
