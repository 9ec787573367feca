"""The labs' services as processes: every answer of their documents, with A up, slow, hanging, and killed."""

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
from demo.labs.steps import LABS, State, matches
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


HEALTHY = '{"status":"ok"}'
NO_MESSAGE = """{"error":"Missing 'msg' parameter"}"""
ECHO_TIMEOUT = '{"service_b":"ok","service_a":"unavailable","error":"timeout","http_status":504}'
ECHO_REFUSED = '{"service_b":"ok","service_a":"unavailable","error":"connection refused","http_status":504}'
VALIDATED_TIMEOUT = (
    '{"error":"Service A unavailable","details":"Timeout error: '
    "HTTPConnectionPool(host='127.0.0.1', port=...): Read timed out. (read timeout=2)\"}"
)
VALIDATED_REFUSED = '{"error":"Service A unavailable","details":"Connection error: ...Connection refused..."}'
NO_PROVIDER = (
    """{"details":"HTTPConnectionPool(host='127.0.0.1', port=...): ...Connection refused...","""
    '"error":"provider unavailable"}'
)
PROVIDER_TIMEOUT = (
    """{"details":"HTTPConnectionPool(host='127.0.0.1', port=...): Read timed out. (read timeout=1.0)","""
    '"error":"provider unavailable"}'
)
GOOD: dict[str, object] = {"username": "divya", "password": "pass123"}
GRANTED = '{"token":"token-divya","user":"divya"}'
ACTED = '{"action":"ping","consumer":"ok","request_id":"...","token":"token-divya","user":"divya"}'
REJECTED = '{"error":"invalid credentials"}'
BAD_DELAY = """{"error":"'delay_ms' must be a whole number from 0 to 10000"}"""

CASES = [
    Case("echo", "up", "A/health", 200, HEALTHY),
    Case("echo", "up", "B/health", 200, HEALTHY),
    Case("echo", "up", "A/echo?msg=hello", 200, '{"echo":"hello"}'),
    Case("echo", "up", "B/call-echo?msg=hello", 200, '{"service_b":"ok","service_a":{"echo":"hello"}}'),
    Case("echo", "up", "B/call-echo?msg=a%26b%3Dc%23d", 200, '{"service_b":"ok","service_a":{"echo":"a&b=c#d"}}'),
    Case("echo", "up", "B/call-echo", 200, '{"service_b":"ok","service_a":{"echo":""}}'),
    Case("echo", "slow", "B/call-echo?msg=hello", 200, '{"service_b":"ok","service_a":{"echo":"hello"}}'),
    Case("echo", "hanging", "B/call-echo?msg=hello", 503, ECHO_TIMEOUT),
    Case("echo", "hanging", "B/health", 200, HEALTHY),
    Case("echo", "killed", "B/call-echo?msg=hello", 503, ECHO_REFUSED),
    Case("echo", "killed", "B/health", 200, HEALTHY),
    Case("echo-validated", "up", "A/health", 200, HEALTHY),
    Case("echo-validated", "up", "B/health", 200, HEALTHY),
    Case("echo-validated", "up", "A/echo?msg=hello", 200, '{"echo":"hello"}'),
    Case("echo-validated", "up", "A/echo?msg=", 200, '{"echo":""}'),
    Case("echo-validated", "up", "A/echo", 200, '{"echo":""}'),
    Case("echo-validated", "up", "A/echo?msg=hello%20world", 200, '{"echo":"hello world"}'),
    Case("echo-validated", "up", "B/call-echo?msg=hello", 200, '{"msg":"hello","echo_response":{"echo":"hello"}}'),
    Case("echo-validated", "up", "B/call-echo", 400, NO_MESSAGE),
    Case("echo-validated", "up", "B/call-echo?msg=", 400, NO_MESSAGE),
    Case("echo-validated", "slow", "B/call-echo?msg=hello", 200, '{"msg":"hello","echo_response":{"echo":"hello"}}'),
    Case("echo-validated", "hanging", "B/call-echo?msg=hello", 503, VALIDATED_TIMEOUT),
    Case("echo-validated", "hanging", "B/call-echo", 400, NO_MESSAGE),
    Case("echo-validated", "killed", "B/call-echo?msg=hello", 503, VALIDATED_REFUSED),
    Case("echo-validated", "killed", "B/call-echo", 400, NO_MESSAGE),
    Case("echo-validated", "killed", "B/health", 200, HEALTHY),
    Case("token", "up", "A/health", 200, HEALTHY),
    Case("token", "up", "B/health", 200, HEALTHY),
    Case("token", "hanging", "B/health", 200, HEALTHY),
    Case("token", "killed", "B/health", 200, HEALTHY),
    Case("token", "up", "A/token", 200, GRANTED, json=GOOD),
    Case("token", "up", "A/token", 401, REJECTED, json=GOOD | {"password": "wrong"}),
    Case("token", "up", "A/token", 401, REJECTED, json=GOOD | {"username": "nobody"}),
    Case("token", "up", "A/token", 200, GRANTED, json=GOOD | {"delay_ms": 300}),
    Case("token", "up", "B/protected-action", 200, ACTED, json=GOOD | {"action": "ping"}),
    Case("token", "up", "B/protected-action", 200, ACTED.replace("ping", "dance"), json=GOOD | {"action": "dance"}),
    Case("token", "up", "B/protected-action", 401, REJECTED, json=GOOD | {"password": "wrong", "action": "ping"}),
    Case("token", "up", "B/protected-action", 200, ACTED, json=GOOD | {"delay_ms": 300}),
    Case("token", "slow", "B/protected-action", 200, ACTED, json=GOOD),
    Case("token", "hanging", "B/protected-action", 503, PROVIDER_TIMEOUT, json=GOOD),
    Case("token", "hanging", "B/protected-action", 400, BAD_DELAY, json=GOOD | {"delay_ms": -1}),
    Case("token", "killed", "B/protected-action", 503, NO_PROVIDER, json=GOOD),
]
BAD_BODIES = [
    ("", "the body must be JSON"),
    ("{", "the body must be JSON"),
    ("[" * 5000, "the body must be JSON"),
    ('"divya"', "the body must be a JSON object"),
    ("{}", "'username' must be a string that is not empty"),
    ('{"username": 7, "password": "x"}', "'username' must be a string that is not empty"),
    ('{"username": "", "password": "x"}', "'username' must be a string that is not empty"),
    ('{"username": "divya"}', "'password' must be a string that is not empty"),
    ('{"username": "divya", "password": null}', "'password' must be a string that is not empty"),
    *(
        (f'{{"username": "divya", "password": "pass123", "delay_ms": {delay}}}', json.loads(BAD_DELAY)["error"])
        for delay in ("-1", "10001", "1e99", "1.5", "true", "null", '"300"', "NaN")
    ),
]


@pytest.fixture(scope="module")
def labs(free_ports: FreePorts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Labs]:
    """Services A and B of every lab, running; a test may do anything to an A."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(lab_running(name, free_ports(2), tmp_path_factory.mktemp(name))) for name in NAMES
        }


def become(service_a: LabService, state: str) -> None:
    """Make A well, slow (it hangs, and goes on in time), hanging, or killed."""
    if state == "killed":
        service_a.bring(State.STOPPED)
        return
    service_a.bring(State.UP)
    if state in ("slow", "hanging"):
        service_a.bring(State.HANGING)
    if state == "slow":
        Timer(0.3, service_a.bring, [State.UP]).start()


def address(services: tuple[LabService, LabService], where: str) -> str:
    """Return the address of something like A/health."""
    return services["AB".index(where[0])].url + where[1:]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_documented_answer(labs: Labs, case: Case) -> None:
    """Status and JSON are those of the document, to the byte, whatever the state of A."""
    become(labs[case.lab][0], case.state)
    method = "POST" if case.json else "GET"
    answer = requests.request(method, address(labs[case.lab], case.where), json=case.json, timeout=10)
    assert answer.status_code == case.status
    assert matches(case.body, answer.text.removesuffix("\n")), answer.text
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("where", ["A/token", "B/protected-action"])
@pytest.mark.parametrize(("body", "error"), BAD_BODIES)
def test_bad_body_is_refused(labs: Labs, where: str, body: str, error: str) -> None:
    """What cannot be right is answered with 400 and the reason, by both services alike."""
    become(labs["token"][0], "up")
    answer = requests.post(address(labs["token"], where), data=body, timeout=10)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.parametrize("name", ["half a pair \ud800", "divya\x00", "d" * 9000])
def test_odd_user_is_rejected(labs: Labs, name: str) -> None:
    """Any string may be a name; that it is not the right one is answered like any other wrong one."""
    become(labs["token"][0], "up")
    for where in ("A/token", "B/protected-action"):
        answer = requests.post(address(labs["token"], where), json=GOOD | {"username": name}, timeout=10)
        assert (answer.status_code, answer.json()) == (401, {"error": "invalid credentials"})


def test_huge_body_is_refused(labs: Labs) -> None:
    """A body over 16 KiB is not read."""
    become(labs["token"][0], "up")
    for where in ("A/token", "B/protected-action"):
        answer = requests.post(address(labs["token"], where), json=GOOD | {"username": "d" * 20_000}, timeout=10)
        assert answer.status_code == 413
        assert "error" in answer.json()


@pytest.mark.parametrize(
    ("offered", "taken"), [("demo-123", True), ("", False), ("two words", False), ("x" * 129, False)]
)
def test_request_id_goes_through_both_services(labs: Labs, poll_until: PollUntil, offered: str, taken: bool) -> None:
    """An id comes in, or is made where it is missing or malformed; it is in both logs, the JSON, and the header."""
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
        lines = [log.lines() for log in (service_a.log, service_b.log)]
        return all(lines) and {json.loads(line)["request_id"] for own in lines for line in own} == {request_id}

    poll_until(logged)


def test_a_retry_doubles_what_a_sick_provider_gets(labs: Labs) -> None:
    """While A is well there is an attempt for each request; when it is too slow, there are two."""
    service_a, service_b = labs["token"]
    become(service_a, "up")

    def counted(delay_ms: int, requests_made: int) -> tuple[int, int, int]:
        before = [requests.get(f"{s.url}/metrics", timeout=10).json() for s in (service_a, service_b)]
        for _ in range(requests_made):
            requests.post(f"{service_b.url}/protected-action", json=GOOD | {"delay_ms": delay_ms}, timeout=10)
        after = [requests.get(f"{s.url}/metrics", timeout=10).json() for s in (service_a, service_b)]
        return (
            after[1]["protected_action_requests"] - before[1]["protected_action_requests"],
            after[1]["provider_attempts"] - before[1]["provider_attempts"],
            after[0]["token_requests"] - before[0]["token_requests"],
        )

    assert counted(delay_ms=0, requests_made=3) == (3, 3, 3)
    assert counted(delay_ms=1200, requests_made=1) == (1, 2, 2)


def test_many_threads_count_right(labs: Labs) -> None:
    """No count is lost among 200 requests, 20 at a time."""
    service_a, _ = labs["token"]
    become(service_a, "up")
    before = requests.get(f"{service_a.url}/metrics", timeout=10).json()["token_requests"]
    with ThreadPoolExecutor(20) as clients:
        list(clients.map(lambda _: requests.post(f"{service_a.url}/token", json=GOOD, timeout=10), range(200)))
    assert requests.get(f"{service_a.url}/metrics", timeout=10).json()["token_requests"] - before == 200


@pytest.mark.parametrize("lab", ["echo", "echo-validated"])
def test_a_hundred_concurrent_requests_all_succeed(labs: Labs, lab: str) -> None:
    """Each of 100 requests at the same time gets its own echo."""
    service_a, service_b = labs[lab]
    become(service_a, "up")

    def own_echo(number: int) -> bool:
        answer = requests.get(f"{service_b.url}/call-echo?msg=m{number}", timeout=10)
        return answer.status_code == 200 and f'{{"echo":"m{number}"}}' in answer.text

    with ThreadPoolExecutor(100) as clients:
        assert sum(clients.map(own_echo, range(100))) == 100


def test_health_is_answered_while_a_hundred_requests_wait(labs: Labs) -> None:
    """With A hanging and 100 requests waiting for it in B, B's /health takes far less than the timeout of 1 s."""
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
    assert statistics.median(took_ms) < 500  # a bound that no busy machine breaks; see what is printed


@pytest.mark.parametrize("copies", ["echo-validated/*/logging_utils.py", "token/*/observe.py", "token/*/body.py"])
def test_copies_are_the_same(copies: str) -> None:
    """The services share no code; what the two of a lab have in common is the same file twice."""
    service_a, service_b = LABS.glob(copies)
    assert service_a.read_bytes() == service_b.read_bytes()
