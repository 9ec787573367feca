"""What a fault does to the connection itself, below Flask.

The socket is gunicorn's. Under Flask's test client there is none: there, a broken connection is an exception.
"""

import errno
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress

from flask import Response, request

_CLOSE_WITH_RESET = struct.pack("ii", 1, 0)  # SO_LINGER, for 0 seconds


def _socket() -> socket.socket | None:
    found: socket.socket | None = request.environ.get("gunicorn.socket")
    return found


def caller_waits() -> bool:
    """Return whether the caller of this request is still there to take the answer."""
    client = _socket()
    if client is None:
        return True
    try:
        return client.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:  # nothing to read: the connection is open
        return True
    except OSError:
        return False


def reset() -> Response:
    """Return an answer whose place is taken by a reset of the connection."""
    client = _socket()

    def broken() -> Iterator[bytes]:
        if client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CLOSE_WITH_RESET)
            client.close()
        yield from _gone()

    return Response(broken(), status=500)


def cut(answer: Response) -> Response:
    """Return the answer with an end of the connection after half of its body."""
    body, client = answer.get_data(), _socket()

    def half() -> Iterator[bytes]:
        yield body[: len(body) // 2]
        if client:
            with suppress(OSError):  # the caller has gone
                client.shutdown(socket.SHUT_RDWR)
        yield from _gone()

    return Response(half(), headers={**dict(answer.headers), "Content-Length": str(len(body))})


def drip_head(answer: Response, pause: Callable[[], None]) -> Response:
    """Return the answer so that its head arrives byte by byte, with a pause before each."""
    client, body = _socket(), answer.get_data()
    head = [f"HTTP/1.1 {answer.status}", *(f"{name}: {value}" for name, value in answer.headers), "Connection: close"]

    def bytewise() -> Iterator[bytes]:
        for byte in "".join(f"{line}\r\n" for line in [*head, ""]).encode("latin1"):
            pause()
            if client:
                client.sendall(bytes([byte]))
        if client:
            client.sendall(body)
            with suppress(OSError):  # the caller has gone
                client.shutdown(socket.SHUT_RDWR)
        yield from _gone()

    return Response(bytewise(), status=answer.status_code)


def _gone() -> Iterator[bytes]:
    """Make the server give the connection up without a word."""
    raise ConnectionResetError(errno.ECONNRESET, "injected fault")
    yield b""  # makes this a generator
