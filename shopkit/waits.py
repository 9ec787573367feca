"""Who watches a thread that waits for a dependency, and may end the wait.

A blocking read cannot be interrupted from outside. Therefore the read of `shopkit.deadline` asks, before it waits and
whenever it has waited for as long as it may, whether to go on.
"""

from collections.abc import Callable
from contextvars import ContextVar

Watch = Callable[[], float]  # returns for how many seconds to wait until the next look; raises to end the wait

_current: ContextVar[Watch | None] = ContextVar("watch", default=None)


class watched_by:  # noqa: N801 - a context manager; as a class it costs half of a generator
    """Let a watch look at every wait for a dependency that this thread makes during the block."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def __enter__(self) -> None:
        self._token = _current.set(self._watch)

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)


def current() -> Watch | None:
    """Return the watch of this thread."""
    return _current.get()
