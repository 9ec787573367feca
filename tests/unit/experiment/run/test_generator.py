"""A load generator: a Locust process, here at a shop that lists one product and has no pages."""

import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from experiment.phases import Phase
from experiment.plan import Closed, Open, Plan
from experiment.run.generator import Generator
from load.outcomes import Outcome
from load.request_log import Request, RequestLog

PollUntil = Callable[..., None]
Load = Callable[[Closed | Open], list[Request]]


class Shop(BaseHTTPRequestHandler):
    """Lists one product, and fails every other request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        body = b'[{"id": 1}]' if self.path == "/products" else b""
        self.send_response(HTTPStatus.OK if body else HTTPStatus.SERVICE_UNAVAILABLE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write no log."""


@pytest.fixture
def shop() -> Iterator[str]:
    """Run the shop, and return its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def load(tmp_path: Path, shop: str, poll_until: PollUntil) -> Iterator[Load]:
    """Return a function that makes a load for 2 s, and returns its requests on a clock that begins with it."""
    log = RequestLog(tmp_path / "requests.log")
    log.path.touch()
    page = tmp_path / "results.html"
    running: list[Generator] = []

    def is_ready() -> bool:
        log.read_more()
        return log.ready

    def make(load: Closed | Open) -> list[Request]:
        plan = Plan({Phase.FAULT: 2.0}, load, 1)
        running.append(Generator(shop, plan, html=page, request_log=log.path))
        poll_until(is_ready, within_s=60)
        begun_at = running[0].begin()
        poll_until(lambda: any(request.intended_at - begun_at > 1.5 for request in _all(log)), within_s=30)
        running[0].stop()
        assert page.exists()
        for request in _all(log):
            request.intended_at -= begun_at
        return _all(log)

    yield make
    for generator in running:
        generator.stop()


def _all(log: RequestLog) -> list[Request]:
    log.read_more()
    return list(log.requests.values())


def test_users_join_as_fast_as_the_ramp_says(load: Load) -> None:
    """They are all made before the load begins, and yet at most two of twelve ask for something in the first second."""
    requests = load(Closed(12, ramp_per_s=2))
    assert {request.outcome for request in requests} <= {Outcome.FAILED, Outcome.UNANSWERED}
    assert sum(request.intended_at < 1 for request in requests) <= 2


def test_open_load_follows_its_schedule(load: Load) -> None:
    """Requests start at the times that the seed gives, though not one is answered well."""
    requests = load(Open(50.0))
    times = [request.intended_at for request in requests]
    assert times == sorted(times)
    assert 50 < sum(at < 1.5 for at in times) < 100
