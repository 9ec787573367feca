"""Whether a port can be had."""

import socket

import pytest

from shopkit.ports import check_port, host_and_port


def test_tells_a_free_port_from_a_taken_one() -> None:
    """A port is refused while somebody listens on it, and can be had right after."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


@pytest.mark.parametrize(("host", "address"), [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80"), ("here", "here:80")])
def test_ipv6_addresses_have_brackets(host: str, address: str) -> None:
    """An address with colons is told from its port by brackets."""
    assert host_and_port(host, 80) == address
