"""The shop as the Compose stack of docker-compose.yml. A stack that is already running is used and left running."""

import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from demo.engines.compose import check_docker, docker, environment, log_of
from demo.engines.engine import Engine, Fleet
from demo.engines.stack import REPLICA, Stack, check_no_other_stack, read_stack
from demo.engines.taken_ports import check_free
from demo.overruled import check_none_overruled
from experiment.errors import EnvironmentProblem, UsageError
from experiment.processes import BAD_SETTING, run
from experiment.services import GATEWAY_V2, HOST, LIVE, SERVICES, Service, ports, settings_given, urls

LOOK_EVERY_S = 2
FREEZE_TRIES = 3


class DockerEngine(Engine):
    """Runs the services with `docker compose`."""

    name = "docker"

    def __init__(self) -> None:
        self._services: list[str] = []
        self._logs: Path | None = None
        self._found: list[str] = []  # containers that were already running: they are left running
        self._started: list[str] = []

    def settings_in_use(self) -> dict[str, str]:
        """Return the settings of the containers that already run; an empty one is unset."""
        return _stack().settings_in_use()

    def fleet(self, replicas: int) -> Fleet:
        """Return the shop with the replicas that run; they are not started here, and v2 itself runs beside them."""
        found = urls(SERVICES)
        if not replicas:
            return Fleet(SERVICES, found)
        stack = _stack()
        if stack.balancer is None or len(stack.replicas) != replicas:
            raise EnvironmentProblem(
                f"{len(stack.replicas)} replicas of v2 run, not {replicas}: `docker compose --profile replicas up "
                f"--build --detach --wait --scale {REPLICA}={replicas}` changes it"
            )
        of_v2 = [replace(GATEWAY_V2, name=one.name, default_port=min(one.ports)) for one in stack.replicas]
        found |= {one: f"http://{HOST}:{one.default_port}" for one in of_v2}
        return Fleet(SERVICES, found | {GATEWAY_V2: f"http://{HOST}:{min(stack.balancer.ports)}"}, of_v2)

    def start(self, services: Sequence[Service], logs: Path | None) -> None:
        """Build the images and start the containers that are not running yet, with the settings of now."""
        settings = settings_given()
        _check_settings(settings)
        stack = _stack()
        stack.check_settings(ports(services, settings), {name for name, value in settings.items() if value})
        self._services = [service.name for service in services]
        self._logs = logs
        if logs:
            logs.mkdir(parents=True, exist_ok=True)
        self._found = list(stack.running)
        if missing := stack.missing(self._services):
            wanted = ports((service for service in LIVE if service.name in missing), settings)
            check_no_other_stack(wanted.values())
            check_free(wanted)
            self._started = missing
            print("Building the images and starting the containers ...", file=sys.stderr, flush=True)
            try:
                docker("compose", "up", "--build", "--detach", "--wait", "--no-deps", *missing)
            except EnvironmentProblem:
                _name_bad_setting()
                raise

    def check_alive(self) -> None:
        """Raise EnvironmentProblem if a container has ended."""
        running = docker("compose", "ps", "--services", "--status", "running").split()
        if missing := sorted(set(self._services) - set(running)):
            raise EnvironmentProblem(f"no longer running: {', '.join(missing)}; see: docker compose logs")

    def wait(self) -> None:
        """Wait until a container ends; show the logs unless they go to a folder."""
        while self._logs:
            self.check_alive()
            time.sleep(LOOK_EVERY_S)
        command = ["docker", "compose", "logs", "--follow", *self._services]
        run(command, ask_with=signal.SIGINT, stdout=None, stderr=None, env=environment())
        self.check_alive()

    def suspend(self, service: Service) -> None:
        """Pause the container of a service. On a busy machine, freezing it may fail at first."""
        for tries_left in reversed(range(FREEZE_TRIES)):
            try:
                docker("compose", "pause", service.name)
            except EnvironmentProblem:
                if not tries_left:
                    raise
            else:
                return

    def resume(self, service: Service) -> None:
        """Let the container of a service run on."""
        docker("compose", "unpause", service.name)

    def kill(self, service: Service) -> None:
        """Kill the container of a service."""
        docker("compose", "kill", service.name)

    def restart(self, service: Service) -> None:
        """Start the container of a service again."""
        docker("compose", "start", service.name)

    def stop(self) -> None:
        """Save the logs and remove the containers that `start` started, and the network if none was running before."""
        started, self._started = self._started, []
        if self._logs:
            for name in started:
                with suppress(EnvironmentProblem):  # a log that is gone must not keep the containers
                    _keep_log(name, self._logs)
        if started and self._found:
            docker("compose", "rm", "--stop", "--force", *started)
        elif started:
            docker("compose", "down", "--timeout", "3")


def _stack() -> Stack:
    check_docker()
    stack = read_stack()
    stack.check_checkout()
    return stack


def _name_bad_setting() -> None:
    """Raise UsageError with the last line of a container that ended because of a bad setting."""
    for container in read_stack().containers:
        if container.exit_status == BAD_SETTING:
            last = "".join(log_of(container.name).splitlines()[-1:])
            raise UsageError(f"{container.service} ended with status {BAD_SETTING}: {last}") from None


def _check_settings(settings: Mapping[str, str]) -> None:
    """Refuse addresses of the user's: docker-compose.yml has those of the containers."""
    given = [service for service in LIVE if settings.get(service.url_variable)]
    ours = {service.url_variable: url for service, url in urls(given, settings).items()}
    check_none_overruled({"LISTEN_HOST": HOST, **ours}, settings)


def _keep_log(service: str, folder: Path) -> None:
    container = docker("compose", "ps", "--all", "--quiet", service).strip()
    if container:
        (folder / f"{service}.log").write_text(log_of(container), encoding="utf-8")
