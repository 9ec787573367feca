"""A transport for `requests` whose timeout is a total: connecting, sending, headers and body share one budget.

The timeout of `requests` applies to each read from the socket, so a body that drips a byte a second never reaches it;
and to each address of a host, so two addresses double it. Here each socket operation gets what is left of the budget.
No extra thread is needed.

The time of the name look-up counts, but the look-up itself cannot be interrupted: the system's resolver has its own
timeout. It is needed for new connections only, and for none whose host is an IP address.
"""

import socket
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.response import HTTPResponse
from urllib3.util.connection import allowed_gai_family, create_connection

from shopkit import waits

NEVER = float("inf")


class DeadlineSocket(socket.socket):
    """A connected socket that raises TimeoutError after `ends_at`, a time on the monotonic clock."""

    ends_at = NEVER

    def recv_into(self, *args: Any) -> int:
        """Receive within what is left of the budget, and until whoever watches this thread ends the wait."""
        watch = waits.current()
        while True:
            left_s = _left_s(self.ends_at)
            look_s = watch() if watch else None
            super().settimeout(min((s for s in (left_s, look_s) if s is not None), default=None))
            try:
                return super().recv_into(*args)
            except TimeoutError:
                continue  # time to look again, or `_left_s` raises

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
        try:
            plain = _connect(self.host, self.port, self._ends_at, self.socket_options)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"no connection to {self.host} in time") from error
        except (OSError, UnicodeError) as error:  # UnicodeError: the host can't be a name
            raise NewConnectionError(self, f"no connection to {self.host}: {error}") from error
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


def _connect(host: str, port: int, ends_at: float, options: Any) -> socket.socket:  # noqa: ANN401 - urllib3's
    """Connect to the first address of the host that accepts; each gets an equal share of what is left of the budget."""
    found = socket.getaddrinfo(host.strip("[]"), port, allowed_gai_family(), socket.SOCK_STREAM)
    addresses = [(str(address[0]), port) for *_, address in found]
    while True:
        address = addresses.pop(0)
        left_s = _left_s(ends_at)
        try:
            return create_connection(address, left_s and left_s / (len(addresses) + 1), socket_options=options)
        except OSError:
            if not addresses:
                raise


def _left_s(ends_at: float) -> float | None:
    if ends_at == NEVER:
        return None
    left_s = ends_at - time.monotonic()
    if left_s <= 0:
        raise TimeoutError("timed out")
    return left_s
