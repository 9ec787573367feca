"""How much of a connection's bytes is one whole HTTP/1 request. It is not a parser: gunicorn judges what is in it."""

import re
from http import HTTPStatus

HEAD_MAX_BYTES = 64 * 1024
BODY_MAX_BYTES = 64 * 1024

_END_OF_HEAD = b"\r\n\r\n"
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*(?=\r\n)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)


class Refusal(Exception):
    """The request is not to be received any further."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


def head_length(received: bytes | bytearray) -> int:
    """Return the length of the request's head, its empty line included; 0 while it is not complete.

    Raises:
        Refusal: it is too large.
    """
    end = received.find(_END_OF_HEAD, 0, HEAD_MAX_BYTES)
    if end < 0 and len(received) >= HEAD_MAX_BYTES:
        raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"the head is larger than {HEAD_MAX_BYTES} bytes")
    return end + len(_END_OF_HEAD) if end >= 0 else 0


def body_length(head: bytes | bytearray) -> int:
    """Return the length of the body that a head announces.

    Where the header is malformed or repeated, gunicorn refuses the request, whatever follows.

    Raises:
        Refusal: the body is too large, or of unknown length.
    """
    if _CHUNKED.search(head):
        raise Refusal(HTTPStatus.LENGTH_REQUIRED, "a body needs a Content-Length here")
    announced = _CONTENT_LENGTH.search(head)
    length = int(announced[1]) if announced else 0
    if length > BODY_MAX_BYTES:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is larger than {BODY_MAX_BYTES} bytes")
    return length


def expects_continue(head: bytes | bytearray) -> bool:
    """Return whether the client waits for `100 Continue` before it sends the body."""
    return _EXPECT.search(head) is not None


def asked_for(received: bytes | bytearray) -> tuple[bytes, bytes]:
    """Return the method and the path in the request line, without a query; each empty where there is none."""
    method, *others = bytes(received[: received.find(b"\r\n")]).split(b" ", 2)
    return method, others[0].partition(b"?")[0] if others else b""
