"""Whether a port can be had."""

import socket


def check_port(host: str, port: int) -> None:
    """Return if a server could listen there now; otherwise raise the OSError that it would get."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def host_and_port(host: str, port: int) -> str:
    """Return both as they stand in a URL: an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
