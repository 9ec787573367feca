"""Settings of service B, from environment variables. A bad value ends the start with one line and status 2."""

import os
import re
import sys
from typing import NoReturn

MAX_PORT = 65535
ADDRESS = re.compile(r"(http://[A-Za-z0-9._-]+(?::([0-9]{1,5}))?)/?")


def port(variable: str, default: str) -> int:
    """Return the port in an environment variable."""
    text = os.environ.get(variable, default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_PORT):
        refuse(variable, text, f"a port is a whole number from 1 to {MAX_PORT}")
    return int(text)


def address(variable: str, default: str) -> str:
    """Return the address in an environment variable."""
    text = os.environ.get(variable, default)
    match = ADDRESS.fullmatch(text)
    if not match or not 1 <= int(match[2] or 80) <= MAX_PORT:
        refuse(variable, text, "an address looks like http://host:port")
    return match[1]


def refuse(variable: str, text: str, allowed: str) -> NoReturn:
    """End the start with one line and status 2."""
    print(f"bad setting: {variable}={text!r}: {allowed}", file=sys.stderr)
    raise SystemExit(2)


HOST = os.environ.get("LISTEN_HOST", "127.0.0.1")  # containers set 0.0.0.0
PORT = port("SERVICE_B_PORT", "8081")
SERVICE_A_URL = address("SERVICE_A_URL", "http://127.0.0.1:8080")
