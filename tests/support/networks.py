"""Keeps apart the tests that change this machine's networks, as Docker does, from those that a change would break.

Chromium drops whatever it is loading when a network comes or goes (net::ERR_NETWORK_CHANGED). Containers that run when
Docker 20.10 leaves a swarm do not find each other by name any more.
"""

import fcntl
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from support.missing import missing

QUIET_S = 1.5
_LOCKS = Path(tempfile.gettempdir())
_LOCK = _LOCKS / f"circuit-breaker-demo-networks-{os.getuid()}.lock"
_NAMES_LOCK = _LOCKS / f"circuit-breaker-demo-names-{os.getuid()}.lock"


def require_ipv6() -> None:
    """Return if this machine has the address ::1; with IPv6 switched off a socket can be made, but not bound."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        missing("IPv6 address ::1")


def steady() -> AbstractContextManager[None]:
    """No test of this user, in any worker or checkout, changes the networks during the block."""
    return _held(_LOCK, fcntl.LOCK_SH)


@contextmanager
def changing() -> Iterator[None]:
    """No other test needs steady networks during the block, nor changes them."""
    with _held(_LOCK, fcntl.LOCK_EX):
        try:
            yield
        finally:
            _wait_until_settled()


def names_kept() -> AbstractContextManager[None]:
    """Let containers that run during the block find each other by name: no other test leaves a swarm."""
    return _held(_NAMES_LOCK, fcntl.LOCK_SH)


def names_lost() -> AbstractContextManager[None]:
    """Let no other test run containers during the block, which ends by leaving a swarm."""
    return _held(_NAMES_LOCK, fcntl.LOCK_EX)


@contextmanager
def _held(path: Path, how: int) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, how)
        yield


def _wait_until_settled() -> None:
    """Interfaces go a moment after the containers that they belonged to; return when none has gone for a while."""
    seen, since = socket.if_nameindex(), time.monotonic()
    while time.monotonic() < since + QUIET_S:
        time.sleep(0.1)
        if (now := socket.if_nameindex()) != seen:
            seen, since = now, time.monotonic()
