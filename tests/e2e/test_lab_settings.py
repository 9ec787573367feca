"""The settings of a lab's service that is started by hand: `python app.py` in its folder."""

import os
import subprocess
import sys

import pytest

from demo.labs.steps import LABS


def start(folder: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Start a service that ends at once because of a setting."""
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=LABS / folder,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.mark.parametrize(
    ("folder", "variable", "value", "allowed"),
    [
        ("echo/service_a", "SERVICE_A_PORT", "many", "a port is a whole number from 1 to 65535"),
        ("token/service_a", "SERVICE_A_PORT", "0", "a port is a whole number from 1 to 65535"),
        ("token/service_b", "SERVICE_A_URL", "http://127.0.0.1:80800", "an address looks like http://host:port"),
    ],
)
def test_rejects_bad_setting(folder: str, variable: str, value: str, allowed: str) -> None:
    """An invalid setting ends the start with status 2 and one line: its name, its value, what is allowed."""
    ended = start(folder, **{variable: value})
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"bad setting: {variable}={value!r}: {allowed}\n"


def test_requires_password() -> None:
    """Without a password service A ends with status 2 and names the setting."""
    ended = start("token/service_a", SERVICE_A_PASSWORD="")
    assert (ended.returncode, ended.stderr) == (2, "bad setting: SERVICE_A_PASSWORD is empty: it needs a value\n")
