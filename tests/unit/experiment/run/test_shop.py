"""What the experiment asks of a shop, at services whose wall clocks are wrong."""

import json
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import requests

from experiment.errors import EnvironmentProblem
from experiment.run import shop as shop_module
from experiment.run.shop import Shop
from experiment.run.wall_clocks import WallClocks
from experiment.services import GATEWAY_V2, RECOMMENDATIONS, SERVICES, urls

NOW_S = 1_000_000.0
SLOW_S = 3.0  # how far v2's wall clock is behind


class Answers(BaseHTTPRequestHandler):
    """Answers every GET with the same JSON, by a clock that is slow."""

    status: dict[str, Any]

    def do_GET(self) -> None:
        """Send the status."""
        self.send_response_only(200)
        self.send_header("Date", formatdate(NOW_S - SLOW_S, usegmt=True))
        self.end_headers()
        self.wfile.write(json.dumps(self.status).encode())

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Return a shop whose clocks stand still: 50 on the monotonic one, NOW_S on the wall."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        url = f"http://127.0.0.1:{server.server_port}"
        yield Shop({GATEWAY_V2: url}, clock=lambda: 50.0, wall_clock=lambda: NOW_S)
        server.shutdown()


def test_transition_happened_as_long_ago_as_v2_says(shop: Shop) -> None:
    """A transition's moment comes from its age, not from v2's wall clock, whose difference is noted."""
    Answers.status = {"transitions": [{"at": "1970-01-12T13:46:00Z", "age_s": 7.5, "to": "OPEN"}]}
    assert shop.circuit()["transitions"][0]["at_s"] == 42.5
    assert shop.wall_clocks.differences_s() == {GATEWAY_V2: -SLOW_S + 1}, "at least: a Date is in whole seconds"


def test_names_a_gateway_of_another_version(shop: Shop) -> None:
    """A v2 that runs from an older image, without ages, is named with the command that rebuilds it."""
    Answers.status = {"transitions": [{"at": "1970-01-12T13:46:00Z", "to": "OPEN"}]}
    with pytest.raises(EnvironmentProblem, match="api-gateway-v2 is an older version: docker compose up --build"):
        shop.circuit()


@pytest.mark.parametrize("ahead_s", [-3.0, 0.0, 3.0])
def test_many_answers_tell_how_far_a_clock_is_off(ahead_s: float) -> None:
    """Answers at different fractions of a second narrow the difference down to the time that an answer takes."""
    now_s = NOW_S
    clocks = WallClocks(lambda: now_s)
    for number in range(200):
        asked_at_s = NOW_S + 0.26 * number
        now_s = asked_at_s + 0.01
        clocks.note(GATEWAY_V2, formatdate(asked_at_s + 0.005 + ahead_s, usegmt=True), asked_at_s)
    assert clocks.differences_s()[GATEWAY_V2] == pytest.approx(ahead_s, abs=0.05)


@pytest.mark.parametrize("body", [b"null", b"[]", b"<html>hello</html>"])
def test_unexpected_answer_is_a_problem_of_the_environment(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    """An answer of another program ends the run with one line that names the address."""
    answer = requests.Response()
    answer.status_code, answer._content = 200, body
    monkeypatch.setattr(shop_module, "_ask", lambda *_arguments, **_options: answer)
    asked = Shop(urls(SERVICES, {}))

    for ask in (asked.circuit, lambda: asked.fault(RECOMMENDATIONS), lambda: asked.metrics(GATEWAY_V2)):
        with pytest.raises(EnvironmentProblem, match=r"GET http://127\.0\.0\.1:[0-9]+/.* unexpected answer"):
            ask()
