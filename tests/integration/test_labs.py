"""Service B of each lab, with a service A that does what a script says."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from demo.labs.services import B, LabService
from demo.labs.steps import LABS, State
from integration.scripted_server import Peer, Script, Serve, dripping, response

StartB = Callable[[str, str], LabService]

GOOD = {"username": "divya", "password": "pass123"}


@pytest.fixture
def start_b(free_ports: Callable[[int], list[int]], tmp_path: Path) -> Iterator[StartB]:
    """Return a function that starts service B of a lab, for a service A at this address."""
    with ExitStack() as ends:

        def start(lab: str, url_of_a: str) -> LabService:
            folder = LABS / lab / "service_b"
            service = LabService(B, folder, free_ports(1)[0], {"SERVICE_A_URL": url_of_a}, tmp_path)
            ends.callback(service.bring, State.STOPPED)
            service.bring(State.UP)
            return service

        yield start


def replying(data: bytes) -> Script:
    """Return a script that receives one request, with its body if it has one, and sends `data`, whatever it is."""

    def script(peer: Peer) -> None:
        received = b""
        while not received.endswith((b"\r\n\r\n", b"}")) or received.endswith(b"json\r\n\r\n"):
            received += peer.socket.recv(65536)
        peer.send(data)

    return script


OTHER_FAILURES = {
    "500": response(b"{}", "500 Internal Server Error"),
    "no JSON": response(b"<html>"),
    "cut off": response(b'{"echo": "hello"}')[:-5],
    "hung up": b"",
}


def test_echo_tells_what_went_wrong(serve: Serve, start_b: StartB) -> None:
    """An A that fails in another way than by a timeout or a refusal is told apart from those."""
    service = start_b("echo", serve(*map(replying, OTHER_FAILURES.values())).url)
    answers = {name: requests.get(f"{service.url}/call-echo?msg=hello", timeout=10) for name in OTHER_FAILURES}
    assert {answer.status_code for answer in answers.values()} == {503}
    assert {name: answer.json()["error"] for name, answer in answers.items()} == {
        "500": "bad answer",
        "no JSON": "bad answer",
        "cut off": "bad answer",
        "hung up": "connection failed",
    }


def test_echo_validated_keeps_its_contract(serve: Serve, start_b: StartB) -> None:
    """However A fails, the answer is the one 503, and the details begin with the kind."""
    service = start_b("echo-validated", serve(*map(replying, OTHER_FAILURES.values())).url)
    answers = {name: requests.get(f"{service.url}/call-echo?msg=hello", timeout=10) for name in OTHER_FAILURES}
    assert {(answer.status_code, answer.json()["error"]) for answer in answers.values()} == {
        (503, "Service A unavailable")
    }
    assert {name: answer.json()["details"].partition(" error: ")[0] for name, answer in answers.items()} == {
        "500": "Request",
        "no JSON": "Request",
        "cut off": "Request",
        "hung up": "Connection",
    }


def test_token_gives_up_after_two_bad_answers(serve: Serve, start_b: StartB) -> None:
    """An answer that was not agreed on counts as a failure: asked twice, then 503."""
    odd = [response(b"[]"), response(b'{"token": "no user"}'), response(b'"no object"', "401 Unauthorized")]
    replies = [*OTHER_FAILURES.values(), *odd]
    provider = serve(*(replying(reply) for reply in replies for _attempt in (1, 2)))
    service = start_b("token", provider.url)
    for number, reply in enumerate(replies, 1):
        answer = requests.post(f"{service.url}/protected-action", json=GOOD, timeout=10)
        assert (answer.status_code, answer.json()["error"]) == (503, "provider unavailable"), reply
        assert provider.accepted == 2 * number, reply


def test_token_is_content_with_the_second_attempt(serve: Serve, start_b: StartB) -> None:
    """A failure that passes is what a retry is for."""
    provider = serve(replying(b""), replying(response(b'{"token": "token-divya", "user": "divya"}')))
    service = start_b("token", provider.url)
    answer = requests.post(f"{service.url}/protected-action", json=GOOD, timeout=10)
    assert (answer.status_code, answer.json()["token"], provider.accepted) == (200, "token-divya", 2)


def test_echo_waits_for_an_answer_that_drips(serve: Serve, start_b: StartB) -> None:
    """What still goes wrong: the timeout of 1 s is for each read, so 80 bytes at 20 ms each are waited for."""
    body = b'{"echo": "hello"}'.ljust(80)
    head, _, _ = response(body).partition(body)
    service = start_b("echo", serve(dripping(head, body)).url)
    answer = requests.get(f"{service.url}/call-echo?msg=hello", timeout=10)
    assert answer.json() == {"service_b": "ok", "service_a": {"echo": "hello"}}
    assert answer.elapsed.total_seconds() > 1.2
