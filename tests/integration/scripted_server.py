"""A TCP server that does to each connection what a script says: answer, drip, say nothing, hang up."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Self

Script = Callable[["Peer"], None]


class Peer:
    """The server's side of one connection, in the hands of its script."""

    def __init__(self, server: "ScriptedServer", connection: socket.socket) -> None:
        self.socket = connection
        self._server = server

    def receive_request(self) -> str:
        """Return the next request's head.

        Raises:
            ConnectionError: the client has gone.
        """
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            received = self.socket.recv(65536)
            if not received:
                raise ConnectionError("the client has gone")
            head += received
        self._server.requests.append(head.decode("latin1"))
        return self._server.requests[-1]

    def answer(self, body: bytes = b"1", status: str = "200 OK", *headers: str) -> None:
        """Receive a request and answer it in full."""
        self.receive_request()
        self.send(response(body, status, *headers))

    def send(self, data: bytes) -> None:
        """Send all of `data`."""
        self.socket.sendall(data)

    def drip(self, data: bytes, interval_s: float) -> None:
        """Send `data` a byte at a time, or as much of it as the client waits for."""
        for byte in data:
            self.socket.sendall(bytes([byte]))
            if self._server.stopping.wait(interval_s):
                return

    def wait_for_the_end(self) -> None:
        """Say nothing until the client goes or the server stops."""
        while self.socket.recv(65536):
            pass

    def read_nothing(self) -> None:
        """Leave what the client sends in the buffers, until the server stops."""
        self._server.stopping.wait()

    def hang_up(self) -> None:
        """Close the connection in the orderly way."""
        self.socket.close()

    def reset(self) -> None:
        """Break the connection, so that the client meets ECONNRESET."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class ScriptedServer:
    """Runs a script for each connection, in their order; the last one also for all that follow."""

    def __init__(self, *scripts: Script) -> None:
        self.accepted = 0
        self.requests: list[str] = []
        self.stopping = threading.Event()
        self._scripts = scripts
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._address = self._listening.getsockname()
        self._refusing = False
        self.url = f"http://127.0.0.1:{self._address[1]}"
        self._connections: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, name="scripted-server")]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.refuse()
        self.stopping.set()
        for connection in self._connections:
            with contextlib.suppress(OSError):  # closed already
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=10)
            assert not thread.is_alive(), "a script does not end"

    def refuse(self) -> None:
        """Accept no more connections; those that are open go on."""
        if not self._refusing:
            self._refusing = True
            with socket.create_connection(self._address):  # wakes the thread in accept()
                self._threads[0].join(timeout=10)
            self._listening.close()

    def _accept(self) -> None:
        while True:
            connection, _address = self._listening.accept()
            if self._refusing:
                connection.close()
                return
            script = self._scripts[min(self.accepted, len(self._scripts) - 1)]
            self.accepted += 1
            self._connections.append(connection)
            thread = threading.Thread(target=self._run, args=(script, connection), name="scripted-server")
            self._threads.append(thread)
            thread.start()

    def _run(self, script: Script, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):  # the client went, which is its right
            script(Peer(self, connection))


Serve = Callable[..., ScriptedServer]  # the fixture `serve`: takes the scripts


def response(body: bytes = b"1", status: str = "200 OK", *headers: str) -> bytes:
    """Return the bytes of an HTTP response."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def answering(body: bytes = b"1", status: str = "200 OK", *headers: str) -> Script:
    """Return a script that answers every request of a connection alike."""

    def script(peer: Peer) -> None:
        while True:
            peer.answer(body, status, *headers)

    return script


def sending(data: bytes, end: Callable[[Peer], None] = Peer.hang_up) -> Script:
    """Return a script that receives one request, sends `data` whatever it is, and ends the connection."""

    def script(peer: Peer) -> None:
        peer.receive_request()
        peer.send(data)
        end(peer)

    return script


def dripping(start: bytes, data: bytes, interval_s: float = 0.02) -> Script:
    """Return a script that receives one request, sends `start` at once, and `data` a byte at a time."""

    def script(peer: Peer) -> None:
        peer.receive_request()
        peer.send(start)
        peer.drip(data, interval_s)

    return script


def silent(peer: Peer) -> None:
    """Receive a request and never answer it: a script."""
    peer.receive_request()
    peer.wait_for_the_end()


def resetting(peer: Peer) -> None:
    """Receive a request and break the connection: a script."""
    peer.receive_request()
    peer.reset()
