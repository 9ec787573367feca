"""A lab's service, started by hand as its document says: `python app.py` in its folder."""

import os
import subprocess
import sys

import pytest

from demo.labs.steps import LABS


def start(folder: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Start a service that ends at once, because of a setting."""
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
        ("echo/service_b", "SERVICE_B_PORT", "65536", "a port is a whole number from 1 to 65535"),
        ("echo-validated/service_b", "SERVICE_A_URL", "127.0.0.1:8080", "an address looks like http://host:port"),
        ("token/service_b", "SERVICE_A_URL", "http://127.0.0.1:80800", "an address looks like http://host:port"),
    ],
)
def test_bad_setting_is_named(folder: str, variable: str, value: str, allowed: str) -> None:
    """A setting that is not allowed ends the start with status 2, and one line with its name, value and what is."""
    ended = start(folder, **{variable: value})
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"bad setting: {variable}={value!r}: {allowed}\n"


@pytest.mark.parametrize("copies", ["*/service_b/settings.py", "echo*/service_a/settings.py"])
def test_settings_are_the_same_in_every_lab(copies: str) -> None:
    """What one lab's service refuses, every lab's does."""
    assert len({file.read_bytes() for file in LABS.glob(copies)}) == 1


def test_password_is_not_in_the_code() -> None:
    """The demonstration's password is in .env alone."""
    for file in (LABS / "token").rglob("*.py"):
        assert "pass123" not in file.read_text(encoding="utf-8"), file
    assert "SERVICE_A_PASSWORD=pass123" in (LABS / "token" / ".env").read_text(encoding="utf-8")


def test_missing_password_is_named() -> None:
    """Without a password, service A does not start, and says which setting it lacks."""
    ended = start("token/service_a", SERVICE_A_PASSWORD="")
    assert (ended.returncode, ended.stderr) == (2, "bad setting: SERVICE_A_PASSWORD is empty: it needs a value\n")
