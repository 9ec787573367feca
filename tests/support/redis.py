"""Redis, where tests need it: Debian's package `redis-server`."""

import shutil

from support.missing import missing


def require_redis() -> None:
    """Return if there is a redis-server to start."""
    if not shutil.which("redis-server"):
        missing("redis-server: apt install redis-server")
