"""Service B of the labs echo and token, with a scripted service A."""

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
    """Return a function that starts service B of a lab for a service A at an address."""
    with ExitStack() as ends:

        def start(lab: str, url_of_a: str) -> LabService:
            folder = LABS / lab / "service_b"
            service = LabService(B, folder, free_ports(1)[0], {"SERVICE_A_URL": url_of_a}, tmp_path)
            ends.callback(service.bring, State.STOPPED)
            service.bring(State.UP)
            return service

        yield start


def replying(data: bytes) -> Script:
    """Return a script that receives one request, including its body, and sends `data` as it is."""

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


def test_echo_distinguishes_failures(serve: Serve, start_b: StartB) -> None:
    """A bad answer of A and a connection that ends without one are different errors."""
    service = start_b("echo", serve(*map(replying, OTHER_FAILURES.values())).url)
    answers = {name: requests.get(f"{service.url}/call-echo?msg=hello", timeout=10) for name in OTHER_FAILURES}
    assert {answer.status_code for answer in answers.values()} == {503}
    assert {name: answer.json()["error"] for name, answer in answers.items()} == {
        "500": "bad answer",
        "no JSON": "bad answer",
        "cut off": "bad answer",
        "hung up": "connection failed",
    }


def test_token_gives_up_after_two_bad_answers(serve: Serve, start_b: StartB) -> None:
    """An answer outside the contract counts as a failure: B asks twice and answers 503."""
    odd = [response(b"[]"), response(b'{"token": "no user"}'), response(b'"no object"', "401 Unauthorized")]
    replies = [*OTHER_FAILURES.values(), *odd]
    provider = serve(*(replying(reply) for reply in replies for _attempt in (1, 2)))
    service = start_b("token", provider.url)
    for number, reply in enumerate(replies, 1):
        answer = requests.post(f"{service.url}/protected-action", json=GOOD, timeout=10)
        assert (answer.status_code, answer.json()["error"]) == (503, "provider unavailable"), reply
        assert provider.accepted == 2 * number, reply


def test_token_succeeds_on_second_attempt(serve: Serve, start_b: StartB) -> None:
    """A retry hides a failure that passes."""
    provider = serve(replying(b""), replying(response(b'{"token": "token-divya", "user": "divya"}')))
    service = start_b("token", provider.url)
    answer = requests.post(f"{service.url}/protected-action", json=GOOD, timeout=10)
    assert (answer.status_code, answer.json()["token"], provider.accepted) == (200, "token-divya", 2)


def test_echo_waits_for_dripping_answer(serve: Serve, start_b: StartB) -> None:
    """The timeout of 1 s is per read, so B waits longer than that for an answer that drips."""
    body = b'{"echo": "hello"}'.ljust(80)
    head, _, _ = response(body).partition(body)
    service = start_b("echo", serve(dripping(head, body)).url)
    answer = requests.get(f"{service.url}/call-echo?msg=hello", timeout=10)
    assert answer.json() == {"service_b": "ok", "service_a": {"echo": "hello"}}
    assert answer.elapsed.total_seconds() > 1.2
