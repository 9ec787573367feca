"""`python -m benchmarks.stub_shop`: a shop that answers every page at once, for measuring the load generator.

It does nothing else: a server of the shop would be busy long before the generator is.
"""

import asyncio
import json
import os
from http import HTTPStatus

from experiment.services import HOST

END = b"\r\n\r\n"  # of a request: none has a body


def _answer(body: object) -> bytes:
    text = json.dumps(body)
    return f"HTTP/1.1 {HTTPStatus.OK} OK\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode()


PRODUCTS = _answer([{"id": number} for number in range(1, 13)])
PAGE = _answer({"name": "Stub", "product": {"name": "Stub"}, "recommendations": [{"name": "Stub"}]})  # of both kinds


class StubShop(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - it is one of a server
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        assert self._transport is not None  # noqa: S101 - it is connected
        *requests, self._received = (self._received + data).split(END)
        for request in requests:
            self._transport.write(PRODUCTS if request.startswith(b"GET /products ") else PAGE)


async def serve(port: int) -> None:
    """Serve until the process ends."""
    server = await asyncio.get_running_loop().create_server(StubShop, HOST, port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(os.environ["STUB_SHOP_PORT"])))
