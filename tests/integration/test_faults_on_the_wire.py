"""Every fault on real sockets: what a caller sees of it, and that healing it heals."""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from shopkit.faults.vocabulary import GROUPS, Kill, Stop, kind_of
from shopkit.metrics_reader import Metrics
from support.problems import a_problem

PollUntil = Callable[..., None]
PATIENCE_S = 20.0  # on a busy machine
PATHS = {"recommendations_service": "/recommendations/1", "product_service": "/products/1"}


class Service:
    """A service in a process of its own."""

    def __init__(self, module: str, port: int, log: Path = Path(os.devnull)) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.path = PATHS[module]
        environment = os.environ | {f"{module.upper()}_PORT": str(port)}
        with log.open("w") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own
                [sys.executable, "-m", module],
                env=environment,
                start_new_session=True,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def put(self, **fault: object) -> requests.Response:
        """Inject a fault."""
        return requests.put(f"{self.url}/faults", json=fault, timeout=PATIENCE_S)

    def heal(self) -> None:
        """Remove the fault."""
        requests.delete(f"{self.url}/faults", timeout=PATIENCE_S).raise_for_status()

    def get(self, path: str = "", **headers: str) -> requests.Response:
        """Ask once, on a connection of its own; follow no redirect."""
        address = self.url + (path or self.path)
        return requests.get(address, headers=headers, timeout=PATIENCE_S, allow_redirects=False)

    def raw(self) -> socket.socket:
        """Return a connection on which the request has been sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        connection.sendall(f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return connection

    def is_well(self) -> bool:
        """Return whether it gives the right answer, on a new connection."""
        with suppress(requests.RequestException, ValueError):
            answer = self.get()
            return answer.status_code == 200 and bool(answer.json())
        return False

    def metric(self, name: str, **labels: str) -> float:
        """Return the value of a metric of the service's own."""
        own = "recommendations" if "recommendations" in self.path else "product"
        return Metrics(self.get("/metrics").text).total(f"{own}_{name}", **labels)


@pytest.fixture(scope="module", params=PATHS)
def shared(
    request: pytest.FixtureRequest, free_ports: Callable[[int], list[int]], poll_until: PollUntil
) -> Iterator[Service]:
    """Run each of the two services that have faults."""
    service = Service(request.param, free_ports(1)[0])
    try:
        poll_until(service.is_well)
        yield service
    finally:
        with suppress(ProcessLookupError):
            os.killpg(service.process.pid, signal.SIGKILL)
        service.process.wait()


@pytest.fixture
def service(shared: Service, poll_until: PollUntil) -> Iterator[Service]:
    """Return the service; after the test it is healed, and must be well again."""
    yield shared
    poll_until(lambda: not _raises(shared.heal))
    poll_until(shared.is_well)


def _raises(action: Callable[[], object]) -> bool:
    with suppress(requests.RequestException):
        action()
        return False
    return True


def received(connection: socket.socket) -> bytes:
    """Return what comes until the end."""
    data = b""
    while more := connection.recv(65536):
        data += more
    return data


def test_hang_is_silent_then_408(service: Service) -> None:
    """A hang sends nothing for its delay, and then status 408."""
    service.put(kind="hang", delay_s=0.3)
    began = time.monotonic()
    assert service.get().status_code == 408
    assert time.monotonic() - began >= 0.3


def test_slow_and_long_tail_answer_late(service: Service) -> None:
    """A slow answer, and the one in the long tail, is right and late."""
    for fault in (
        {"kind": "slow", "delay_s": 0.3, "jitter_s": 0.1},
        {"kind": "long-tail", "share": 1, "delay_s": 0.3},
    ):
        service.put(**fault)
        began = time.monotonic()
        assert service.get().json()
        assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize("part", ["body", "head"])
def test_drip_sends_byte_by_byte(service: Service, part: str) -> None:
    """A drip sends the whole right answer, in pieces of one byte."""
    right = service.get().json()
    service.put(kind="drip", part=part, interval_s=0.005)
    with service.raw() as connection:
        first = connection.recv(65536)
        _, _, body = first.partition(b"\r\n\r\n")
        assert not (body if part == "head" else body.endswith(b"]"))
        connection.shutdown(socket.SHUT_WR)
    assert service.get().json() == right


def test_error_has_its_status_and_retry_after(service: Service) -> None:
    """An error answers at once with its status, and with Retry-After where it is asked for."""
    service.put(kind="error", status=429, retry_after_s=7)
    answer = service.get()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json() == a_problem(429, "injected fault")


def test_malformed_bodies(service: Service) -> None:
    """A malformed answer has status 200, and is no JSON, of the wrong shape, empty, or huge."""
    bodies = {}
    for body in ("not-json", "wrong-shape", "empty", "huge"):
        service.put(kind="malformed", body=body)
        answer = service.get()
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
        bodies[body] = answer.content
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(bodies["not-json"])
    assert json.loads(bodies["wrong-shape"]) == {"surprise": True}
    assert bodies["empty"] == b""
    assert len(bodies["huge"]) > 30 * 1024 * 1024


def test_redirect_leads_nowhere(service: Service) -> None:
    """A redirect points at its own address."""
    service.put(kind="redirect")
    answer = service.get()
    assert (answer.status_code, answer.headers["Location"].rstrip("?")) == (302, service.path)
    with pytest.raises(requests.TooManyRedirects):
        requests.get(service.url + service.path, timeout=PATIENCE_S)


def test_refuse_refuses_connections_until_its_end(service: Service, poll_until: PollUntil) -> None:
    """Refuse lets the system refuse every new connection until its time is over, or an open connection heals it."""
    with requests.Session() as open_before:
        open_before.get(f"{service.url}/health", timeout=PATIENCE_S)
        service.put(kind="refuse", for_s=2)
        poll_until(lambda: _connect_error(service.port) == errno.ECONNREFUSED)
        assert open_before.get(f"{service.url}/faults", timeout=PATIENCE_S).json()["fault"]["kind"] == "refuse"
        poll_until(service.is_well)

        service.put(kind="refuse", for_s=300)
        open_before.get(f"{service.url}/health", timeout=PATIENCE_S)
        poll_until(lambda: _connect_error(service.port) == errno.ECONNREFUSED)
        open_before.delete(f"{service.url}/faults", timeout=PATIENCE_S)
        poll_until(service.is_well)


def test_refusing_service_stops_without_a_crash(
    free_ports: Callable[[int], list[int]], poll_until: PollUntil, tmp_path: Path
) -> None:
    """A service that refuses connections while many arrive, and is told to stop meanwhile, ends as usual."""
    log = tmp_path / "log"
    service = Service("product_service", free_ports(1)[0], log)
    try:
        poll_until(service.is_well)
        with requests.Session() as open_before, _knocking(service.port):
            for _ in range(100):
                open_before.put(f"{service.url}/faults", json={"kind": "refuse"}, timeout=PATIENCE_S)
                open_before.delete(f"{service.url}/faults", timeout=PATIENCE_S)
            open_before.put(f"{service.url}/faults", json={"kind": "refuse"}, timeout=PATIENCE_S)
        poll_until(lambda: _connect_error(service.port) == errno.ECONNREFUSED)
        service.process.terminate()
        assert service.process.wait(PATIENCE_S) == 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(service.process.pid, signal.SIGKILL)
        service.process.wait(PATIENCE_S)
    assert "Traceback" not in log.read_text()


@contextmanager
def _knocking(port: int) -> Iterator[None]:
    """Open connections one after the other during the block."""
    is_over = threading.Event()

    def knock() -> None:
        while not is_over.is_set():
            _connect_error(port)

    with ThreadPoolExecutor(1) as caller:
        caller.submit(knock)
        try:
            yield
        finally:
            is_over.set()


def _connect_error(port: int) -> int:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port))


def test_reset_gives_no_byte(service: Service) -> None:
    """A reset ends the connection with RST, before the first byte of an answer."""
    service.put(kind="reset")
    with service.raw() as connection, pytest.raises(ConnectionResetError):
        connection.recv(1)


def test_cut_gives_half_the_body(service: Service) -> None:
    """A cut announces the whole body, sends half of it, and ends the connection."""
    right = service.get()
    service.put(kind="cut")
    with service.raw() as connection:
        head, _, body = received(connection).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(right.content)}".encode() in head
    assert body == right.content[: len(right.content) // 2]


def test_patterns_break_and_heal(service: Service, poll_until: PollUntil) -> None:
    """Flapping alternates between error and right answers by time; every-nth breaks each nth call."""
    service.put(kind="flapping", broken_s=0.2, well_s=0.2, status=503)
    poll_until(lambda: service.get().status_code == 503)
    poll_until(lambda: service.get().status_code == 200)
    service.put(kind="every-nth", n=3)
    assert [service.get().status_code for _ in range(6)] == [200, 200, 500, 200, 200, 500]


def test_capacity_makes_calls_wait_their_turn(service: Service, poll_until: PollUntil) -> None:
    """One slot does one call after the other, even for a caller who has left; a full queue gives 503."""
    useless = service.metric("work_total", awaited="no")
    service.put(kind="capacity", slots=1, service_s=0.2)
    began = time.monotonic()
    with ThreadPoolExecutor(4) as callers:
        answers = [callers.submit(service.get) for _ in range(4)]
        poll_until(lambda: service.metric("waiting_calls") > 0)
        assert [answer.result().status_code for answer in answers] == [200] * 4
    assert time.monotonic() - began >= 0.8
    service.raw().close()
    poll_until(lambda: service.metric("work_total", awaited="no") == useless + 1)

    service.put(kind="capacity", slots=1, service_s=1, queue=0)
    with ThreadPoolExecutor(2) as callers:
        assert sorted(answer.status_code for answer in callers.map(lambda _: service.get(), range(2))) == [200, 503]


def test_newest_call_is_served_first(service: Service, poll_until: PollUntil) -> None:
    """Of two calls that wait for the only slot, the one that came last is answered first."""
    service.put(kind="capacity", slots=1, service_s=1.5, newest_first_beyond=0)
    before = service.metric("calls_total")
    answered: list[int] = []

    def call(number: int) -> None:
        if service.get().ok:
            answered.append(number)

    def has_joined(number: int) -> bool:
        arrived = service.metric("calls_total") == before + number + 1
        return arrived and service.metric("waiting_calls") == number

    with ThreadPoolExecutor(3) as callers:
        for number in range(3):
            callers.submit(call, number)
            poll_until(partial(has_joined, number))
    assert answered == [0, 2, 1]


def test_passed_deadline_is_obeyed(service: Service) -> None:
    """A call whose turn comes after the time that its caller had left is answered 504, and counts as no work."""
    worked_on, refused = service.metric("work_total"), service.metric("refused_calls_total")
    service.put(kind="capacity", slots=1, service_s=0.5, obeys_deadline=True)
    with ThreadPoolExecutor(3) as callers:
        answers = list(callers.map(lambda _: service.get(**{"X-Time-Left-S": "0.2"}), range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 504, 504]
    assert service.metric("work_total") == worked_on + 1
    assert service.metric("refused_calls_total") == refused + 2


def test_limits_of_a_fault(service: Service, poll_until: PollUntil) -> None:
    """A fault can be for one product, for so many calls, or for so many seconds; then the service is well."""
    service.put(kind="error", product_id=2)
    other = service.path.replace("/1", "/2")
    assert (service.get().status_code, service.get(other).status_code) == (200, 500)
    service.put(kind="error", for_calls=2)
    assert [service.get().status_code for _ in range(3)] == [500, 500, 200]
    service.put(kind="error", for_s=0.2)
    poll_until(service.is_well)
    assert service.get("/faults").json() == {"fault": None}


@pytest.mark.parametrize("kind", [kind_of(model) for models in GROUPS.values() for model in models])
def test_every_kind_is_accepted_or_explained(service: Service, kind: str) -> None:
    """Every kind is accepted with its defaults and shown as it is; those of the process are refused."""
    answer = service.put(kind=kind, for_s=0.1)
    body: dict[str, Any] = answer.json()
    if kind in (kind_of(Stop), kind_of(Kill)):
        assert (answer.status_code, body["field"]) == (400, "kind")
        assert f"'{kind}'" in body["reason"]
    else:
        assert (answer.status_code, body["fault"]["kind"]) == (200, kind)
