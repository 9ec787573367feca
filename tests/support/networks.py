"""What tests ask of the networks of this machine."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from support.missing import missing

_LOCK = Path(tempfile.gettempdir()) / f"circuit-breaker-demo-names-{os.getuid()}.lock"


def require_ipv6() -> None:
    """Return if this machine has the address ::1; with IPv6 switched off a socket can be made, but not bound."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        missing("IPv6 address ::1")


def names_kept() -> AbstractContextManager[None]:
    """Let containers that run during the block find each other by name: no other test leaves a swarm.

    After Docker 20.10 has left one, the containers that ran meanwhile do not find each other any more.
    """
    return _held(fcntl.LOCK_SH)


def names_lost() -> AbstractContextManager[None]:
    """Let no other test run containers during the block, which ends by leaving a swarm."""
    return _held(fcntl.LOCK_EX)


@contextmanager
def _held(how: int) -> Iterator[None]:
    with _LOCK.open("a") as lock:
        fcntl.flock(lock, how)
        yield
