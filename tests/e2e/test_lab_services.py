"""The labs' services as processes: answers with A up, slow or hanging, many requests at once, and request ids."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Timer

import pytest
import requests

from demo.labs.services import LabService
from demo.labs.steps import State, matches
from support.labs import NAMES, FreePorts, lab_running

Labs = dict[str, tuple[LabService, LabService]]
PollUntil = Callable[..., None]


@dataclass(frozen=True)
class Case:
    """A request to A or B of a lab, in a state of A, and the answer; with JSON to send, it is a POST."""

    lab: str
    state: str
    where: str
    status: int
    body: str  # ... stands for anything
    json: dict[str, object] | None = None

    def __str__(self) -> str:
        """Return what pytest shows."""
        return f"{self.lab}: {self.where} with A {self.state}: {self.status}"


GOOD: dict[str, object] = {"username": "divya", "password": "pass123"}
ACTED = '{"action":"dance","consumer":"ok","request_id":"...","token":"token-divya","user":"divya"}'
BAD_DELAY = """{"error":"'delay_ms' must be a whole number from 0 to 10000"}"""

# What the labs' steps, which test_labs.py takes, leave out.
CASES = [
    Case("echo", "up", "B/call-echo?msg=a%26b%3Dc%23d", 200, '{"service_b":"ok","service_a":{"echo":"a&b=c#d"}}'),
    Case("echo", "up", "B/call-echo", 200, '{"service_b":"ok","service_a":{"echo":""}}'),
    Case("echo", "slow", "B/call-echo?msg=hello", 200, '{"service_b":"ok","service_a":{"echo":"hello"}}'),
    Case("token", "up", "B/protected-action", 200, ACTED, json=GOOD | {"action": "dance"}),
    Case("token", "hanging", "B/health", 200, '{"status":"ok"}'),
    Case("token", "hanging", "B/protected-action", 400, BAD_DELAY, json=GOOD | {"delay_ms": -1}),
]
BAD_BODIES = [
    ("{", "the body must be JSON"),
    ("[" * 5000, "the body must be JSON"),
    ('"divya"', "the body must be a JSON object"),
    ('{"username": 7, "password": "x"}', "'username' must be a string that is not empty"),
    ('{"username": "divya", "password": ""}', "'password' must be a string that is not empty"),
    *(
        (f'{{"username": "divya", "password": "pass123", "delay_ms": {delay}}}', json.loads(BAD_DELAY)["error"])
        for delay in ("10001", "1.5", "true", "NaN")
    ),
]


@pytest.fixture(scope="module")
def labs(free_ports: FreePorts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Labs]:
    """Run both services of every lab; a test may change the state of any A."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(lab_running(name, free_ports(2), tmp_path_factory.mktemp(name))) for name in NAMES
        }


def become(service_a: LabService, state: str) -> None:
    """Bring A up, make it hang, or make it slow: it hangs, and goes on within B's timeout."""
    service_a.bring(State.UP)
    if state in ("slow", "hanging"):
        service_a.bring(State.HANGING)
    if state == "slow":
        Timer(0.3, service_a.bring, [State.UP]).start()


def address(services: tuple[LabService, LabService], where: str) -> str:
    """Return the address of something like A/health."""
    return services["AB".index(where[0])].url + where[1:]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_answer(labs: Labs, case: Case) -> None:
    """Status and JSON are those of the lab's contract, whatever the state of A."""
    become(labs[case.lab][0], case.state)
    method = "POST" if case.json else "GET"
    answer = requests.request(method, address(labs[case.lab], case.where), json=case.json, timeout=10)
    assert answer.status_code == case.status
    assert matches(case.body, answer.text.removesuffix("\n")), answer.text
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(("body", "error"), BAD_BODIES)
def test_rejects_bad_body(labs: Labs, body: str, error: str) -> None:
    """An invalid body is answered with 400 and the reason; B checks it with a copy of A's code."""
    become(labs["token"][0], "up")
    answer = requests.post(address(labs["token"], "A/token"), data=body, timeout=10)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.parametrize("where", ["A/token", "B/protected-action"])
def test_rejects_odd_user_and_huge_body(labs: Labs, where: str) -> None:
    """A name that is no valid Unicode is rejected like any other wrong one, and a body over 16 KiB is not read."""
    become(labs["token"][0], "up")
    odd = requests.post(address(labs["token"], where), json=GOOD | {"username": "half a pair \ud800\x00"}, timeout=10)
    assert (odd.status_code, odd.json()) == (401, {"error": "invalid credentials"})
    huge = requests.post(address(labs["token"], where), json=GOOD | {"username": "d" * 20_000}, timeout=10)
    assert huge.status_code == 413
    assert "error" in huge.json()


@pytest.mark.parametrize(("offered", "taken"), [("demo-123", True), ("two words", False)])
def test_request_id_reaches_both_services(labs: Labs, poll_until: PollUntil, offered: str, taken: bool) -> None:
    """A valid id is kept and a malformed one replaced; it is in both logs, the JSON, and the header."""
    service_a, service_b = labs["token"]
    become(service_a, "up")
    service_a.log.mark()
    service_b.log.mark()
    url = f"{service_b.url}/protected-action"
    answer = requests.post(url, json=GOOD, headers={"X-Request-ID": offered}, timeout=10)
    request_id = answer.headers["X-Request-ID"]
    assert answer.json()["request_id"] == request_id
    assert (request_id == offered) is taken
    assert 8 <= len(request_id) <= 36

    def logged() -> bool:
        logs = [[json.loads(line)["request_id"] for line in log.lines()] for log in (service_a.log, service_b.log)]
        return all(request_id in ids for ids in logs)

    poll_until(logged)


def test_counts_concurrent_requests(labs: Labs) -> None:
    """No count is lost among 200 requests, 20 at a time."""
    service_a, _ = labs["token"]
    become(service_a, "up")
    before = requests.get(f"{service_a.url}/metrics", timeout=10).json()["token_requests"]
    with ThreadPoolExecutor(20) as clients:
        list(clients.map(lambda _: requests.post(f"{service_a.url}/token", json=GOOD, timeout=10), range(200)))
    assert requests.get(f"{service_a.url}/metrics", timeout=10).json()["token_requests"] - before == 200


def test_answers_a_hundred_concurrent_requests(labs: Labs) -> None:
    """Each of 100 requests at the same time gets its own echo."""
    service_a, service_b = labs["echo"]
    become(service_a, "up")

    def own_echo(number: int) -> bool:
        answer = requests.get(f"{service_b.url}/call-echo?msg=m{number}", timeout=10)
        return answer.status_code == 200 and f'{{"echo":"m{number}"}}' in answer.text

    with ThreadPoolExecutor(100) as clients:
        assert sum(clients.map(own_echo, range(100))) == 100


def test_health_is_answered_while_a_hundred_requests_wait(labs: Labs) -> None:
    """While 100 requests of B wait for a hanging A, B goes on answering /health."""
    service_a, service_b = labs["echo"]
    become(service_a, "hanging")
    took_ms = []
    with ThreadPoolExecutor(100) as clients:
        waiting = [clients.submit(requests.get, f"{service_b.url}/call-echo", timeout=10) for _ in range(100)]
        while not all(request.done() for request in waiting):
            started = time.perf_counter()
            assert requests.get(f"{service_b.url}/health", timeout=10).ok
            took_ms.append((time.perf_counter() - started) * 1000)
    assert {request.result().status_code for request in waiting} == {503}
    print(
        f"/health, {len(took_ms)} answers while 100 requests were sent and waited: "
        f"median {statistics.median(took_ms):.1f} ms, worst {max(took_ms):.1f} ms"
    )
    assert len(took_ms) > 3  # if /health waited as well, there would be one answer a second
