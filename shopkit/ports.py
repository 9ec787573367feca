"""Whether a port can be had."""

import socket


def check_port(host: str, port: int) -> None:
    """Return if a server could listen there now; otherwise raise the OSError that it would get."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
