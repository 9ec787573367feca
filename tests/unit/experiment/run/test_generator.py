"""A load generator: a Locust process, here with a shop that lists one product and has no pages."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from experiment.errors import EnvironmentProblem
from experiment.phases import Phase
from experiment.plan import Closed, Open, Plan
from experiment.run import generator
from experiment.run.generator import Generator
from load.outcomes import Outcome, Route
from load.requests_table import Request

PollUntil = Callable[..., None]
MakeLoad = Callable[..., list[Request]]
LENGTH_S = 2.0


class BareShop(BaseHTTPRequestHandler):
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
    with ThreadingHTTPServer(("127.0.0.1", 0), BareShop) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def make_load(tmp_path: Path, shop: str, poll_until: PollUntil) -> Iterator[MakeLoad]:
    """Return a function that makes a load and returns its requests, timed from its beginning."""
    page = tmp_path / "results.html"
    started: list[Generator] = []

    def make(load: Closed | Open, only: str = "") -> list[Request]:
        plan = Plan({Phase.FAULT: LENGTH_S}, load, 1, only=only)
        started.append(Generator(shop, plan, request_log=tmp_path / "requests.log", html=page))
        log = started[0].log
        started[0].wait_until_ready()
        begun_at = started[0].begin()

        def nearly_over() -> bool:
            log.read_more()
            return any(request.intended_at - begun_at > 0.75 * LENGTH_S for request in log.requests.values())

        poll_until(nearly_over, within_s=30)
        started[0].stop()
        assert page.exists()
        log.read_more()
        return [replace(request, intended_at=request.intended_at - begun_at) for request in log.requests.values()]

    yield make
    for running in started:
        running.stop()


def test_users_join_as_fast_as_the_ramp_says(make_load: MakeLoad) -> None:
    """With a ramp of two a second, at most two of twelve users ask for something in the first second."""
    requests = make_load(Closed(12, ramp_per_s=2))
    assert {request.outcome for request in requests} <= {Outcome.FAILED, Outcome.UNANSWERED}
    assert sum(request.intended_at < 1 for request in requests) <= 2


def test_users_without_a_pause_ask_again_at_once(make_load: MakeLoad) -> None:
    """A single user without a pause makes many requests, of the one kind that is asked for."""
    requests = make_load(Closed(1, pause_s=(0.0, 0.0)), only="product-details")
    assert len(requests) > 2 * LENGTH_S
    assert {request.route for request in requests} == {Route.PRODUCT_DETAILS}


def test_open_load_follows_its_schedule(make_load: MakeLoad) -> None:
    """Requests start at the times that the seed gives, though not one is answered well."""
    requests = make_load(Open(50.0))
    times = [request.intended_at for request in requests]
    assert times == sorted(times)
    assert 50 < sum(at < 1.5 for at in times) < 100


def test_open_load_on_several_hosts_asks_each_for_the_same(tmp_path: Path, shop: str, poll_until: PollUntil) -> None:
    """Each host has a log of its own, with the same requests, a moment apart."""
    both = Generator(shop, Plan({Phase.FAULT: 1.0}, Open(40.0), 1), request_log=tmp_path / "requests.log", also=[shop])
    both.wait_until_ready()
    both.begin()

    def all_answered() -> bool:
        for log in both.logs:
            log.read_more()
        return all(len(log.requests) > 20 and not log.in_flight for log in both.logs)

    poll_until(all_answered)
    both.stop()
    routes = [[request.route for request in log.requests.values()][:20] for log in both.logs]
    assert routes[0] == routes[1]


def test_process_that_ends_by_itself_is_a_problem(tmp_path: Path) -> None:
    """The error repeats the last line that Locust printed."""
    plan = Plan({}, Closed(1), 1, only="nothing")
    failing = Generator("http://127.0.0.1:9", plan, request_log=tmp_path / "requests.log")
    with pytest.raises(EnvironmentProblem, match=r"the load failed: .*--only"):
        failing.wait_until_ready()


def test_generator_gets_a_limited_time_to_be_ready(tmp_path: Path, shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for one that is not ready in time raises an error instead of going on for ever."""
    monkeypatch.setattr(generator, "READY_WITHIN_S", 0.0)
    late = Generator(shop, Plan({Phase.FAULT: LENGTH_S}, Closed(1), 1), request_log=tmp_path / "requests.log")
    try:
        with pytest.raises(EnvironmentProblem, match="was not ready within 0 s"):
            late.wait_until_ready()
    finally:
        late.stop()
