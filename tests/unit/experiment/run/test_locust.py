"""Locust, started without the settings that its user has for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from experiment.processes import Supervisor
from experiment.run.locust import start_locust
from support.demo import ROOT


def test_reads_no_settings_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, poll_until: Callable[..., None]
) -> None:
    """Neither a settings file in the user's folders nor a variable changes our Locust, which would refuse these."""
    (tmp_path / ".locust.conf").write_text("users = many\n")
    (tmp_path / "locust.conf").write_text("users = many\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOCUST_RUN_TIME", "long")
    with Supervisor() as processes:
        listing = start_locust(processes, ["-f", str(ROOT / "locustfile.py"), "--list"], "locust", tmp_path / "log")
        poll_until(lambda: not listing.is_running, within_s=30)
        assert (listing.popen.returncode, listing.last_lines(1)) == (0, ["    Shopper"])
