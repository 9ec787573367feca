"""Who watches a thread that waits for a dependency, and may end the wait.

A blocking read cannot be interrupted from outside. Therefore the read of `shopkit.deadline` asks, before it waits and
whenever it has waited for as long as it may, whether to go on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Watch = Callable[[], float]  # returns for how many seconds to wait until the next look; raises to end the wait

_current: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched_by(watch: Watch) -> Iterator[None]:
    """Let `watch` look at every wait for a dependency that this thread makes during the block."""
    token = _current.set(watch)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Watch | None:
    """Return the watch of this thread."""
    return _current.get()
