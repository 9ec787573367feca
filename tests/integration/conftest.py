"""What the tests against real sockets share."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from integration.scripted_server import Script, ScriptedServer, Serve


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that starts a server with a script for each connection; all end with the test."""
    with ExitStack() as servers:

        def start(*scripts: Script) -> ScriptedServer:
            return servers.enter_context(ScriptedServer(*scripts))

        yield start


@pytest.fixture
def refusing_url() -> Iterator[str]:
    """Return an address where connections are refused: its port is taken, and nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield "http://127.0.0.1:{1}".format(*taken.getsockname())
