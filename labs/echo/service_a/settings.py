"""Settings of service A, from environment variables. A bad value ends the start with one line and status 2."""

import os
import sys

MAX_PORT = 65535


def port(variable: str, default: str) -> int:
    """Return the port in an environment variable."""
    text = os.environ.get(variable, default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_PORT):
        print(f"bad setting: {variable}={text!r}: a port is a whole number from 1 to {MAX_PORT}", file=sys.stderr)
        raise SystemExit(2)
    return int(text)


HOST = os.environ.get("LISTEN_HOST", "127.0.0.1")  # containers set 0.0.0.0
PORT = port("SERVICE_A_PORT", "8080")
