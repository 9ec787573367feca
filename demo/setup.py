"""The set-up: .venv is made once from a hashed lock, and instant afterwards. Standard library only."""

import fcntl
import hashlib
import os
import sys
import tomllib
from pathlib import Path

from demo.virtual_environment import VirtualEnvironment, check_venv_module, pins
from experiment.paths import ROOT
from experiment.processes import without_python_settings

PYPROJECT = ROOT / "pyproject.toml"
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"


def enter(*locks: str) -> None:
    """Continue in .venv with the packages of these locks in requirements/; install them and restart there if necessary.

    Raises:
        EnvironmentProblem: the virtual environment can't be created.
    """
    venv, requirements = VirtualEnvironment(VENV), [LOCKS / f"{lock}.txt" for lock in locks]
    if not _is_installed(venv, *requirements):
        venv.make_folder()
        with venv.lock.open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # two first starts at once: the second waits for the first
            if not _is_installed(venv, *requirements):
                _install(venv, *requirements)
    environment = without_python_settings(os.environ)
    if Path(sys.prefix).resolve() != VENV.resolve() or environment != os.environ:
        print(end="", flush=True)
        os.execve(venv.python, [str(venv.python), *sys.orig_argv[1:]], environment)  # noqa: S606 - our own interpreter


def _is_installed(venv: VirtualEnvironment, *requirements: Path) -> bool:
    return venv.python.exists() and all(
        (stamp := _stamp(venv, lock)).exists() and stamp.read_text(encoding="utf-8") == _fingerprint(lock)
        for lock in requirements
    )


def _install(venv: VirtualEnvironment, *requirements: Path) -> None:
    check_venv_module()
    named = " and ".join(str(lock.relative_to(ROOT)) for lock in requirements)
    print(f"Setting up .venv from {named} ...", file=sys.stderr, flush=True)
    locks = sorted(LOCKS.glob("*.txt"))
    for lock in locks:
        _stamp(venv, lock).unlink(missing_ok=True)
    venv.install(*requirements)
    _add_import_roots(venv)
    installed = {package for lock in requirements for package in _packages(lock)}
    for lock in locks:
        if _packages(lock) <= installed:  # what has no other packages is installed with it
            _stamp(venv, lock).write_text(_fingerprint(lock), encoding="utf-8")


def _stamp(venv: VirtualEnvironment, requirements: Path) -> Path:
    return venv.folder / f"installed-{requirements.stem}"


def _packages(lock: Path) -> set[str]:
    return {line.split()[0] for line in pins(lock)}


def _fingerprint(requirements: Path) -> str:
    """Return what the packages in .venv depend on: the lock, the interpreter, and where ours are."""
    interpreter = f"{sys.platform} {os.uname().machine} {sys.version_info.major}.{sys.version_info.minor}"
    return hashlib.sha256(requirements.read_bytes() + repr((interpreter, import_roots())).encode()).hexdigest()


def import_roots() -> list[str]:
    """Return the folders of our packages, relative to the project's folder."""
    with PYPROJECT.open("rb") as file:
        roots: list[str] = tomllib.load(file)["tool"]["run-demo"]["import-roots"]
    return roots


def _add_import_roots(venv: VirtualEnvironment) -> None:
    """Let .venv's Python find our packages; relative paths let the project be moved."""
    lines = (os.path.relpath(ROOT / root, venv.site_packages) for root in import_roots())
    (venv.site_packages / "run-demo.pth").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
