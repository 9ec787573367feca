"""The set-up of .venv: its stamps say which locks are installed."""

from pathlib import Path

import pytest

from demo import setup

SMALL = "flask==3.1.0 \\\n    --hash=sha256:aa\n"
LARGE = SMALL + "pytest==9.0.0 ; python_version > '3' \\\n    --hash=sha256:bb\n"


@pytest.fixture
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of two locks, one a part of the other, beside an empty .venv."""
    folder, venv = tmp_path / "requirements", tmp_path / ".venv"
    folder.mkdir()
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    (folder / "demo.txt").write_text(SMALL)
    (folder / "dev.txt").write_text(LARGE)
    monkeypatch.setattr(setup, "LOCKS", folder)
    monkeypatch.setattr(setup, "VENV", venv)
    monkeypatch.setattr(setup, "PYTHON", venv / "bin" / "python")
    return folder


def test_larger_lock_installs_smaller_one(locks: Path) -> None:
    """A lock is installed when it was, unchanged, or when one with all its packages was."""
    setup._stamp(locks / "demo.txt")
    assert setup._is_installed(locks / "demo.txt")
    assert not setup._is_installed(locks / "dev.txt")
    (locks / "demo.txt").write_text(SMALL.replace("3.1.0", "3.1.1"))
    assert not setup._is_installed(locks / "demo.txt"), "the lock has changed"
    (locks / "demo.txt").write_text(SMALL)
    setup._stamp(locks / "dev.txt")
    assert setup._is_installed(locks / "demo.txt")


def test_nothing_installed_without_interpreter(locks: Path) -> None:
    """A .venv without its Python has nothing installed, whatever its stamps say."""
    setup._stamp(locks / "demo.txt")
    setup.PYTHON.unlink()
    assert not setup._is_installed(locks / "demo.txt")
