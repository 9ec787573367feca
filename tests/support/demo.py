"""run_demo.py, run as its user runs it, in a copy of the project so that the user's results stay as they are."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
PORT_SETTINGS = (
    "PRODUCT_SERVICE_PORT",
    "RECOMMENDATIONS_SERVICE_PORT",
    "API_GATEWAY_V1_PORT",
    "API_GATEWAY_V2_PORT",
    "CONTROL_ROOM_PORT",
    "LOAD_V1_PORT",
    "LOAD_V2_PORT",
)
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "tests")


@dataclass
class Demo:
    """Starts run_demo.py, and whatever else a document tells its reader to type."""

    folder: Path  # a copy of the project
    environment: dict[str, str]
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def results(self) -> Path:
        """Where a run leaves its files."""
        return self.folder / "results"

    def start(self, *command: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a command; `python3` is the interpreter in .venv."""
        command = (str(self.folder / ".venv" / "bin" / "python"), *command[1:]) if command[0] == "python3" else command
        process = subprocess.Popen(  # noqa: S603 - what the tests say
            command,
            cwd=self.folder,
            env=self.environment | dict(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, *command: str, env: Mapping[str, str] | None = None, within_s: float = 180) -> tuple[int, str, str]:
        """Run a command to its end; return exit status, stdout and stderr."""
        process = self.start(*command, env=env)
        out, err = process.communicate(timeout=within_s)
        return process.returncode, out, err

    def processes(self) -> list[str]:
        """Return the command lines of the services and load generators that run here."""
        found = []
        for process in psutil.process_iter():
            try:
                _interpreter, *arguments = process.cmdline()
                line = " ".join(arguments)
                if Path(process.cwd()).is_relative_to(self.folder) and any(
                    word in line for word in ("locust", "_service", "api_gateway", "control_room")
                ):
                    found.append(line)
            except (psutil.Error, ValueError):  # ended meanwhile, or not ours
                continue
        return found

    def end(self) -> None:
        """Fail when anything still runs, after ending it."""
        left_over = [process.args for process in self.started if process.poll() is None]
        for process in self.started:
            process.terminate()  # run_demo.py then ends what it started
            process.communicate(timeout=20)
        assert not left_over
        assert self.processes() == []


def copy_of_the_project(folder: Path) -> Demo:
    """Return a copy of the project in `folder`, with the packages of this project's .venv."""
    shutil.copytree(ROOT, folder, ignore=_left_out)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    scripts = folder / ".venv" / "bin"  # through the link, so that .venv's Python finds the packages of the copy
    return Demo(folder, os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"})


def _left_out(folder: str, names: list[str]) -> set[str]:
    runs = {"results"} if Path(folder) == ROOT else set()  # experiment/results is a package
    return LEFT_OUT(folder, names) | runs


def this_program() -> str:
    """Return the start of the command line of these tests, as run_demo.py shows what holds a port."""
    return " ".join(" ".join(psutil.Process().cmdline()).split())[:80]
