"""The set-up of .venv: its stamps say which locks are installed."""

import sys
from pathlib import Path

import pytest

from demo import setup
from demo.virtual_environment import VirtualEnvironment
from experiment.errors import EnvironmentProblem

SMALL = "flask==3.1.0 \\\n    --hash=sha256:aa\n"
LARGE = SMALL + "pytest==9.0.0 ; python_version > '3' \\\n    --hash=sha256:bb\n"


@pytest.fixture
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of two locks, one a part of the other, beside a .venv in which nothing is installed."""
    folder = tmp_path / "requirements"
    folder.mkdir()
    (folder / "demo.txt").write_text(SMALL)
    (folder / "dev.txt").write_text(LARGE)
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "LOCKS", folder)
    return folder


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VirtualEnvironment:
    """Return an environment whose installations do nothing but succeed."""
    venv = VirtualEnvironment(tmp_path / ".venv")
    venv.python.parent.mkdir(parents=True)
    venv.site_packages.mkdir(parents=True)
    venv.python.touch()
    monkeypatch.setattr(venv, "install", lambda *_requirements: None)
    return venv


def test_larger_lock_installs_smaller_one(venv: VirtualEnvironment, locks: Path) -> None:
    """A lock is installed when it was, unchanged, or when one with all its packages was."""
    setup._install(venv, locks / "demo.txt")
    assert setup._is_installed(venv, locks / "demo.txt")
    assert not setup._is_installed(venv, locks / "dev.txt")
    (locks / "demo.txt").write_text(SMALL.replace("3.1.0", "3.1.1"))
    assert not setup._is_installed(venv, locks / "demo.txt"), "the lock has changed"
    (locks / "demo.txt").write_text(SMALL)
    setup._install(venv, locks / "dev.txt")
    assert setup._is_installed(venv, locks / "demo.txt")


def test_two_locks_are_installed_together(venv: VirtualEnvironment, locks: Path) -> None:
    """A lock that another one is installed with, such as that of traces, leaves the other one installed."""
    (locks / "tracing.txt").write_text("otel==1.0\n")
    setup._install(venv, locks / "demo.txt", locks / "tracing.txt")
    assert setup._is_installed(venv, locks / "demo.txt", locks / "tracing.txt")
    assert not setup._is_installed(venv, locks / "demo.txt", locks / "dev.txt")


def test_failed_installation_leaves_no_stamp(
    venv: VirtualEnvironment, locks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an installation that failed nothing counts as installed, not even what was before it."""
    setup._install(venv, locks / "demo.txt")

    def fail(_requirements: Path) -> None:
        raise EnvironmentProblem("no network")

    monkeypatch.setattr(venv, "install", fail)
    with pytest.raises(EnvironmentProblem):
        setup._install(venv, locks / "dev.txt")
    assert not setup._is_installed(venv, locks / "demo.txt")


def test_nothing_installed_without_its_interpreter(
    venv: VirtualEnvironment, locks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was installed for another Python, or for one that is no longer there, does not count."""
    setup._install(venv, locks / "demo.txt")
    venv.python.unlink()
    venv.python.symlink_to("python-that-was-upgraded-away")
    assert not setup._is_installed(venv, locks / "demo.txt")
    venv.python.unlink()
    venv.python.touch()
    assert setup._is_installed(venv, locks / "demo.txt")
    with monkeypatch.context() as upgraded:
        upgraded.setattr(sys, "version_info", type("Version", (), {"major": 3, "minor": 99}))
        assert not setup._is_installed(venv, locks / "demo.txt")
