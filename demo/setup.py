"""The virtual environment in .venv, created once from a hashed lock. Standard library only."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from experiment.errors import EnvironmentProblem
from experiment.paths import ROOT

PYPROJECT = ROOT / "pyproject.toml"
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def enter(lock: str) -> None:
    """Continue in .venv with the packages of requirements/`lock`.txt; install them and restart there if necessary.

    Raises:
        EnvironmentProblem: the virtual environment can't be created.
    """
    requirements = LOCKS / f"{lock}.txt"
    if not _is_installed(requirements):
        VENV.mkdir(exist_ok=True)
        with (VENV / "setup.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # of two concurrent first starts, the second waits
            if not _is_installed(requirements):
                _install(requirements)
                _add_import_roots()
                _stamp(requirements)
    if Path(sys.prefix).resolve() != VENV.resolve():
        sys.stdout.flush()
        os.execv(PYTHON, [str(PYTHON), *sys.orig_argv[1:]])  # noqa: S606 - our own interpreter, our own arguments


def _is_installed(requirements: Path) -> bool:
    stamp = VENV / f"installed-{requirements.stem}"
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == _fingerprint(requirements)


def _stamp(installed: Path) -> None:
    """Note that this lock is installed, and every lock whose packages it includes."""
    for lock in LOCKS.glob("*.txt"):
        if _packages(lock) <= _packages(installed):
            (VENV / f"installed-{lock.stem}").write_text(_fingerprint(lock))


def _fingerprint(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes() + repr(import_roots()).encode()).hexdigest()


def import_roots() -> list[str]:
    """Return the folders of our packages, relative to the project's folder."""
    with PYPROJECT.open("rb") as file:
        roots: list[str] = tomllib.load(file)["tool"]["run-demo"]["import-roots"]
    return roots


def _add_import_roots() -> None:
    """Let .venv's Python find our packages; relative paths let the project be moved."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site_packages = VENV / "lib" / version / "site-packages"
    lines = (os.path.relpath(ROOT / root, site_packages) for root in import_roots())
    (site_packages / "run-demo.pth").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _packages(requirements: Path) -> set[str]:
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines if line and not line.startswith((" ", "#"))}


def _install(requirements: Path) -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise EnvironmentProblem(f"Python's venv module is missing. Install it with: {_how_to_get_venv()}")
    print(f"Setting up .venv from {requirements.relative_to(ROOT)} (once) ...", file=sys.stderr, flush=True)
    _run(sys.executable, "-m", "venv", str(VENV))
    _run(str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(requirements))


def _how_to_get_venv() -> str:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if shutil.which("apt-get"):
        return f"sudo apt-get install {version}-venv"
    return f"your system's package for {version}-venv"


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - no shell, no input
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no message"]
        raise EnvironmentProblem(f"setting up .venv failed: {last[0]}")
