"""Making .venv and installing a lock into it. Standard library only."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import distributions
from pathlib import Path

from demo.setup_failure import cause_of
from experiment.errors import EnvironmentProblem
from experiment.processes import without_python_settings

# Where packages come from is the user's choice: a hash stands for what is in them. How they are installed is ours.
SOURCES = {
    "cert",
    "client-cert",
    "default-timeout",
    "extra-index-url",
    "find-links",
    "index-url",
    "no-index",
    "proxy",
    "retries",
    "timeout",
    "trusted-host",
}
PIP_SETTING = re.compile(r"^(?:global|install)\.([a-z-]+)=(['\"].*)$", re.MULTILINE)
THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
ASK_VERSION = "import pip, sys; print(*sys.version_info[:2], sep='.')"


class VirtualEnvironment:
    """A virtual environment, its lock file, and the output of the last set-up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"
        self.lock = folder / "setup.lock"
        self._log = folder / "setup.log"
        self._unfinished = folder / "unfinished"  # while packages are being installed, and after that has failed

    @property
    def site_packages(self) -> Path:
        """Where this Python has its packages."""
        return self.folder / "lib" / f"python{THIS_PYTHON}" / "site-packages"

    def make_folder(self) -> None:
        """Make sure that there is a folder, whatever is in it.

        Raises:
            EnvironmentProblem: something else has its name.
        """
        if self.folder.is_symlink() and not self.folder.exists():
            self.folder.unlink()
        if self.folder.exists() and not self.folder.is_dir():
            raise EnvironmentProblem(f"{self.folder} is not a folder; rename it, because the packages go there")
        self.folder.mkdir(exist_ok=True)

    def install(self, *requirements: Path, environment: Mapping[str, str] = os.environ) -> None:
        """Install locks for the Python that runs this; what is no sound environment for it is made anew.

        Raises:
            EnvironmentProblem: it failed; the message says why, and where pip's output is.
        """
        own = without_python_settings({name: text for name, text in environment.items() if not name.startswith("PIP_")})
        self._log.unlink(missing_ok=True)
        if self._unfinished.exists() or not self._is_sound(own):
            self._empty()
        self._unfinished.touch()
        self._run([sys.executable, "-m", "venv", str(self.folder)], own)
        quiet = ["--disable-pip-version-check", "--no-input", "--no-color", "--progress-bar", "off"]
        command = [str(self.python), "-m", "pip", "install", "--require-hashes", "--no-deps", *quiet]
        sources = self._sources(environment, own) | {"PIP_CONFIG_FILE": os.devnull}
        self._run([*command, *(f"--requirement={lock}" for lock in requirements)], own | sources)
        if missing := {package for lock in requirements for package in packages_of(lock)} - self._installed():
            raise EnvironmentProblem(f"pip did not install {', '.join(sorted(missing))} in .venv{self._where()}")
        self._unfinished.unlink()

    def _is_sound(self, environment: Mapping[str, str]) -> bool:
        """Return whether its Python is there, has pip, and is of the version that runs this."""
        try:
            asked = subprocess.run(  # noqa: S603 - no shell, no input
                [self.python, "-c", ASK_VERSION], check=False, capture_output=True, text=True, env=environment
            )
        except OSError:  # no file, a link to nothing, or a program for another processor
            return False
        return asked.stdout.strip() == THIS_PYTHON

    def _empty(self) -> None:
        for entry in self.folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry != self.lock:  # another start may be waiting for it
                entry.unlink()

    def _sources(self, environment: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
        """Return, as variables, where the user's settings of pip say packages come from."""
        files = {"PIP_CONFIG_FILE": environment["PIP_CONFIG_FILE"]} if "PIP_CONFIG_FILE" in environment else {}
        command = [str(self.python), "-m", "pip", "config", "list"]
        listed = subprocess.run(command, check=False, capture_output=True, text=True, env={**own, **files})  # noqa: S603 - no shell, no input
        settings = {key: ast.literal_eval(text) for key, text in PIP_SETTING.findall(listed.stdout)}
        found = {_variable(key): text for key, text in settings.items() if key in SOURCES}
        return found | {name: environment[name] for name in map(_variable, SOURCES) if name in environment}

    def _installed(self) -> set[str]:
        return {_normalized(package.name) for package in distributions(path=[str(self.site_packages)])}

    def _run(self, command: list[str], environment: Mapping[str, str]) -> None:
        done = subprocess.run(  # noqa: S603 - no shell, no input
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**environment, "PYTHONIOENCODING": "utf-8"},
            encoding="utf-8",
            errors="replace",
        )
        with suppress(OSError), self._log.open("a", encoding="utf-8") as log:  # a full disk is what pip tells of
            log.write(done.stdout)
        if done.returncode:
            raise EnvironmentProblem(f"setting up .venv failed: {cause_of(done.stdout)}{self._where()}")

    def _where(self) -> str:
        written = self._log.exists() and self._log.stat().st_size  # on a full disk it is empty
        return f"; the whole output is in {self._log}" if written else ""


def packages_of(requirements: Path) -> set[str]:
    """Return the names of the packages that a lock has for every system."""
    return {_normalized(line.partition("==")[0]) for line in pins(requirements) if ";" not in line}


def pins(requirements: Path) -> list[str]:
    """Return the lines of a lock that name a package and its version."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith((" ", "#"))]


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _variable(setting: str) -> str:
    return f"PIP_{setting.upper().replace('-', '_')}"


def check_venv_module() -> None:
    """Raise EnvironmentProblem if this Python can't make virtual environments."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        package = f"python{THIS_PYTHON}-venv"
        how = f"sudo apt-get install {package}" if shutil.which("apt-get") else f"your system's package for {package}"
        raise EnvironmentProblem(f"Python's venv module is missing. Install it with: {how}")
