"""The shop as the Compose stack of docker-compose.yml. A stack that already runs is used, and left running."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from demo.engines.engine import Engine
from demo.engines.taken_ports import check_free
from experiment.errors import EnvironmentProblem
from experiment.paths import ROOT
from experiment.processes import LINES_SHOWN, run
from experiment.services import Service, ports

ANSWERS_WITHIN_S = 15
LOOK_EVERY_S = 2
LEFT_OUT = ("COMPOSE_", "DOCKER_DEFAULT_PLATFORM")  # which daemon it is, and its proxies, are the user's choice
KEPT = {"COMPOSE_PROJECT_NAME"}


class DockerEngine(Engine):
    """`docker compose`, driven from here."""

    name = "docker"

    def __init__(self) -> None:
        self._services: list[str] = []
        self._logs: Path | None = None
        self._found: list[str] = []  # containers of the user's, which stay
        self._started: list[str] = []

    def start(self, services: Sequence[Service], logs: Path | None) -> None:
        """Build the images and start the containers, unless they run already."""
        _check_docker()
        self._services = [service.name for service in services]
        self._logs = logs
        if logs:
            logs.mkdir(parents=True, exist_ok=True)
        self._found = _running_services()
        missing = [name for name in self._services if name not in self._found]
        if missing:
            check_free((service, port) for service, port in ports().items() if service.name in missing)
            self._started = missing
            print("Building the images and starting the containers ...", flush=True)
            _compose("up", "--build", "--detach", "--wait", *missing)

    def check_alive(self) -> None:
        """Raise when a container has ended."""
        if missing := sorted(set(self._services) - set(_running_services())):
            raise EnvironmentProblem(f"no longer running: {', '.join(missing)}; see: docker compose logs")

    def wait(self) -> None:
        """Show the logs, unless they are kept in a folder, until a container ends."""
        while self._logs:
            self.check_alive()
            time.sleep(LOOK_EVERY_S)
        command = ["docker", "compose", "logs", "--follow", *self._services]
        subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False, env=_environment())  # noqa: S603 - no shell
        self.check_alive()

    def stop(self) -> None:
        """Keep the logs, and remove the containers that were started here, with the network when it was too."""
        started, self._started = self._started, []
        if self._logs:
            for name in started:
                _keep_log(name, self._logs)
        if started and self._found:
            _compose("rm", "--stop", "--force", *started)
        elif started:
            _compose("down", "--timeout", "3")


def _keep_log(service: str, folder: Path) -> None:
    container = _compose("ps", "--all", "--quiet", service).strip()
    if container:  # `docker compose logs` would put escape sequences into the lines
        _, log = _docker("logs", container)
        (folder / f"{service}.log").write_text(log, encoding="utf-8")


def _check_docker() -> None:
    if shutil.which("docker") is None:
        raise EnvironmentProblem("docker is not installed; leave out --engine docker to run without it")
    try:
        status, _ = _docker("info", "--format", "{{.ServerVersion}}", timeout_s=ANSWERS_WITHIN_S)
    except subprocess.TimeoutExpired:
        raise EnvironmentProblem(f"Docker did not answer within {ANSWERS_WITHIN_S} s; is its daemon well?") from None
    if status:
        raise EnvironmentProblem("Docker does not answer; start it, or leave out --engine docker to run without it")
    if _docker("compose", "version", timeout_s=ANSWERS_WITHIN_S)[0]:
        raise EnvironmentProblem("docker has no compose command; install the Compose v2 plugin")


def _running_services() -> list[str]:
    return _compose("ps", "--services", "--status", "running").split()


def _compose(*arguments: str) -> str:
    status, output = _docker("compose", *arguments)
    if status:
        last = "".join(f"\n  {line}" for line in output.strip().splitlines()[-LINES_SHOWN:])
        raise EnvironmentProblem(f"docker compose {' '.join(arguments)} failed:{last}")
    return output


def _environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the user's environment without what would start another stack, or build it for another processor."""
    return {name: value for name, value in environment.items() if name in KEPT or not name.startswith(LEFT_OUT)}


def _docker(*arguments: str, timeout_s: float | None = None) -> tuple[int, str]:
    """Return the exit status of a docker command, and what it printed (on stderr, where it failed)."""
    # interrupted as by Ctrl-C, with the plugin that it runs: Compose then stops what it is starting
    docker = run(["docker", *arguments], ask_with=signal.SIGINT, within_s=timeout_s, env=_environment())
    return docker.returncode, docker.stderr if docker.returncode else docker.stdout
