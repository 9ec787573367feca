"""Keeps apart the tests that change this machine's networks, as Docker does, from those that a change would break.

Chromium drops whatever it is loading when a network comes or goes (net::ERR_NETWORK_CHANGED).
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK = Path(tempfile.gettempdir()) / f"circuit-breaker-demo-networks-{os.getuid()}.lock"


@contextmanager
def steady() -> Iterator[None]:
    """No test of this user, in any worker or checkout, changes the networks during the block."""
    with _LOCK.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


@contextmanager
def changing() -> Iterator[None]:
    """No other test needs steady networks during the block, nor changes them."""
    with _LOCK.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
