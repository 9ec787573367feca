"""What every kind of test may use."""

import socket
import time
from collections.abc import Callable

import pytest

PollUntil = Callable[..., None]


@pytest.fixture
def poll_until() -> PollUntil:
    """Return a function that waits for a condition to come true, and fails when it does not."""
    return _poll_until


def _poll_until(condition: Callable[[], object], *, within_s: float = 10.0) -> None:
    gives_up_at = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > gives_up_at:
            pytest.fail(f"not so within {within_s:g} s: {condition.__name__}")
        time.sleep(0.02)


@pytest.fixture(scope="session")
def free_ports() -> Callable[[int], list[int]]:
    """Return a function that finds ports nobody listens on."""

    def find(count: int) -> list[int]:
        sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
        ports = [s.getsockname()[1] for s in sockets]
        for s in sockets:
            s.close()
        return ports

    return find
