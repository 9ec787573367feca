"""A transport for `requests` whose timeout is a total: connecting, sending, headers and body share one budget.

The timeout of `requests` applies to each read from the socket, so a body that drips a byte a second never reaches it.
Here each socket operation gets what is left of the budget. No extra thread is needed.
"""

import socket
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.response import HTTPResponse

NEVER = float("inf")


class DeadlineSocket(socket.socket):
    """A connected socket that raises TimeoutError after `ends_at`, a time on the monotonic clock."""

    ends_at = NEVER

    def recv_into(self, *args: Any) -> int:
        """Receive within what is left of the budget."""
        super().settimeout(_left_s(self.ends_at))
        return super().recv_into(*args)

    def sendall(self, *args: Any) -> None:
        """Send within what is left of the budget."""
        super().settimeout(_left_s(self.ends_at))
        super().sendall(*args)


class DeadlineConnection(HTTPConnection):
    """A connection on a DeadlineSocket that repeats a request when the server had closed the idle connection.

    It repeats once, on a new connection, within the same budget, and never after a timeout. Use it only for requests
    that may be repeated (GET).
    """

    _ends_at = NEVER
    _repeat: tuple[tuple[Any, ...], dict[str, Any]] | None = None  # the request to repeat; None on a new connection

    def _new_conn(self) -> socket.socket:
        plain = super()._new_conn()
        connected = DeadlineSocket(plain.family, plain.type, plain.proto, fileno=plain.detach())
        connected.ends_at = self._ends_at
        return connected

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Start the budget, connect where needed, and send the request."""
        self._ends_at = NEVER if self.timeout is None else time.monotonic() + self.timeout
        idle = self.sock
        if isinstance(idle, DeadlineSocket):
            idle.ends_at = self._ends_at
        self._repeat = (args, kwargs) if idle else None
        try:
            super().request(*args, **kwargs)
        except ConnectionError:
            if not self._sent_again():
                raise

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as in urllib3
        """Return the response to the request."""
        try:
            return super().getresponse()
        except ConnectionError:
            if not self._sent_again():
                raise
            return super().getresponse()

    def _sent_again(self) -> bool:
        if self._repeat is None:
            return False
        (args, kwargs), self._repeat = self._repeat, None
        self.close()
        self.timeout = _left_s(self._ends_at)
        super().request(*args, **kwargs)
        return True


class _DeadlinePool(HTTPConnectionPool):
    ConnectionCls = DeadlineConnection


class DeadlineAdapter(HTTPAdapter):
    """An adapter to mount on a `requests.Session` for http://; it makes every `timeout=` a total."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools use DeadlineConnection."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _DeadlinePool}


def _left_s(ends_at: float) -> float | None:
    if ends_at == NEVER:
        return None
    left_s = ends_at - time.monotonic()
    if left_s <= 0:
        raise TimeoutError("timed out")
    return left_s
