"""Settings of service A, from environment variables. A bad value ends the start with one line and status 2."""

import os
import sys
from pathlib import Path
from typing import NoReturn

MAX_PORT = 65535
DEMO_USER = Path(__file__).resolve().parent.parent / ".env"  # absent in a container, which gets an environment


def port(variable: str, default: str) -> int:
    """Return the port in an environment variable."""
    text = os.environ.get(variable, default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_PORT):
        refuse(f"{variable}={text!r}: a port is a whole number from 1 to {MAX_PORT}")
    return int(text)


def credential(variable: str) -> str:
    """Return a name or password from the environment, or else from the demonstration's .env file."""
    lines = DEMO_USER.read_text(encoding="utf-8").splitlines() if DEMO_USER.exists() else []
    demo = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    value = os.environ.get(variable, demo.get(variable, ""))
    if not value:
        refuse(f"{variable} is empty: it needs a value")
    return value


def refuse(what: str) -> NoReturn:
    """End the start with one line and status 2."""
    print(f"bad setting: {what}", file=sys.stderr)
    raise SystemExit(2)


HOST = os.environ.get("LISTEN_HOST", "127.0.0.1")  # containers set 0.0.0.0
PORT = port("SERVICE_A_PORT", "8080")
USERNAME = credential("SERVICE_A_USERNAME")
PASSWORD = credential("SERVICE_A_PASSWORD")
