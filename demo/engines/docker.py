"""The shop as the Compose stack of docker-compose.yml. A stack that is already running is used and left running."""

import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from demo.engines.engine import Engine
from demo.engines.taken_ports import check_free
from demo.overruled import check_none_overruled
from experiment.errors import EnvironmentProblem
from experiment.processes import LINES_SHOWN, run
from experiment.services import HOST, LIVE, Service, ports, settings_given, urls

ANSWERS_WITHIN_S = 15
LOOK_EVERY_S = 2


class DockerEngine(Engine):
    """Runs the services with `docker compose`."""

    name = "docker"

    def __init__(self) -> None:
        self._services: list[str] = []
        self._logs: Path | None = None
        self._found: list[str] = []  # containers that were already running: they are left running
        self._started: list[str] = []

    def start(self, services: Sequence[Service], logs: Path | None) -> None:
        """Build the images and start the containers that are not running yet."""
        _check_settings(settings_given())
        _check_docker()
        self._services = [service.name for service in services]
        self._logs = logs
        if logs:
            logs.mkdir(parents=True, exist_ok=True)
        self._found = _running_services()
        missing = [name for name in self._services if name not in self._found]
        if missing:
            check_free(ports(service for service in services if service.name in missing))
            self._started = missing
            print("Building the images and starting the containers ...", flush=True)
            _compose("up", "--build", "--detach", "--wait", *missing)

    def check_alive(self) -> None:
        """Raise EnvironmentProblem if a container has ended."""
        if missing := sorted(set(self._services) - set(_running_services())):
            raise EnvironmentProblem(f"no longer running: {', '.join(missing)}; see: docker compose logs")

    def wait(self) -> None:
        """Wait until a container ends; show the logs unless they go to a folder."""
        while self._logs:
            self.check_alive()
            time.sleep(LOOK_EVERY_S)
        command = ["docker", "compose", "logs", "--follow", *self._services]
        run(command, ask_with=signal.SIGINT, stdout=None, stderr=None)
        self.check_alive()

    def stop(self) -> None:
        """Save the logs and remove the containers that `start` started, and the network if none was running before."""
        started, self._started = self._started, []
        if self._logs:
            for name in started:
                _keep_log(name, self._logs)
        if started and self._found:
            _compose("rm", "--stop", "--force", *started)
        elif started:
            _compose("down", "--timeout", "3")


def _check_settings(settings: Mapping[str, str]) -> None:
    """Refuse addresses of the user's: docker-compose.yml has those of the containers."""
    given = [service for service in LIVE if settings.get(service.url_variable)]
    ours = {service.url_variable: url for service, url in urls(given, settings).items()}
    check_none_overruled({"LISTEN_HOST": HOST, **ours}, settings)


def _keep_log(service: str, folder: Path) -> None:
    container = _compose("ps", "--all", "--quiet", service).strip()
    if container:  # `docker compose logs` would put escape sequences into the lines
        _, log = _docker("logs", container)
        (folder / f"{service}.log").write_text(log)


def _check_docker() -> None:
    if shutil.which("docker") is None:
        raise EnvironmentProblem("docker is not installed; leave out --engine docker to run without it")
    try:
        status, _ = _docker("info", "--format", "{{.ServerVersion}}", timeout_s=ANSWERS_WITHIN_S)
    except subprocess.TimeoutExpired:
        raise EnvironmentProblem(f"Docker did not answer within {ANSWERS_WITHIN_S} s; check its daemon") from None
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


def _docker(*arguments: str, timeout_s: float | None = None) -> tuple[int, str]:
    """Return the exit status and the output of a docker command: stderr if it failed, else stdout."""
    # SIGINT, as Ctrl-C sends it, makes Compose stop the containers that it is starting
    docker = run(["docker", *arguments], ask_with=signal.SIGINT, within_s=timeout_s)
    return docker.returncode, docker.stderr if docker.returncode else docker.stdout
