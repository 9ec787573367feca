"""What every kind of test may use."""

import os
import random
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle, islice

import pytest

PollUntil = Callable[..., None]
LOWEST_PORT = 10_000  # up to 30,000 for twenty workers: below the ports that outgoing connections get
PORTS_OF_A_WORKER = 1_000


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
    """Return a function that finds ports nobody listens on; each worker of pytest-xdist has a range of its own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    own = range(LOWEST_PORT + worker * PORTS_OF_A_WORKER, LOWEST_PORT + (worker + 1) * PORTS_OF_A_WORKER)
    turn = random.randrange(len(own))  # noqa: S311 - no secret; another run on this machine begins elsewhere
    ports = filter(_is_free, cycle((*own[turn:], *own[:turn])))
    return lambda count: list(islice(ports, count))


def _is_free(port: int) -> bool:
    with suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False
