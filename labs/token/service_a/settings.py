"""What service A can be told, by environment variables. A bad value ends the start: one line, exit status 2."""

import os
import sys
from pathlib import Path
from typing import NoReturn

MAX_PORT = 65535
DEMO_USER = Path(__file__).resolve().parent.parent / ".env"  # not there in a container, which gets an environment


def port(variable: str, default: str) -> int:
    """Return the port that the environment asks for."""
    text = os.environ.get(variable, default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_PORT):
        refuse(f"{variable}={text!r}: a port is a whole number from 1 to {MAX_PORT}")
    return int(text)


def credential(variable: str) -> str:
    """Return a name or password from the environment, else from the demonstration's file: never from the code."""
    lines = DEMO_USER.read_text(encoding="utf-8").splitlines() if DEMO_USER.exists() else []
    demo = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    value = os.environ.get(variable, demo.get(variable, ""))
    if not value:
        refuse(f"{variable} is empty: it needs a value")
    return value


def refuse(what: str) -> NoReturn:
    """End the start."""
    print(f"bad setting: {what}", file=sys.stderr)
    raise SystemExit(2)


HOST = os.environ.get("LISTEN_HOST", "127.0.0.1")  # containers set 0.0.0.0
PORT = port("SERVICE_A_PORT", "8080")
USERNAME = credential("SERVICE_A_USERNAME")
PASSWORD = credential("SERVICE_A_PASSWORD")
