"""Whether a port can be had."""

import socket

import pytest

from shopkit.ports import check_port


def test_tells_a_free_port_from_a_taken_one() -> None:
    """A port is refused while somebody listens on it, and can be had right after."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)
