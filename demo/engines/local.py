"""The shop as gunicorn processes on 127.0.0.1, each with its own log file."""

import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from demo.engines.engine import Engine
from demo.engines.taken_ports import check_free
from demo.overruled import check_none_overruled
from experiment.paths import ROOT
from experiment.processes import TRACES_GO_TO, ProcessGroup, Supervisor, user_environment
from experiment.run.locust import start_locust
from experiment.services import CONTROL_ROOM, HOST, Service, addresses_for, ports, settings_given

LOOK_EVERY_S = 1


class LocalEngine(Engine):
    """One process group for each service."""

    name = "local"

    def __init__(self) -> None:
        self._processes = Supervisor()
        self._groups: dict[Service, ProcessGroup] = {}
        self._starts: dict[Service, Callable[[], ProcessGroup]] = {}

    def start(self, services: Sequence[Service], logs: Path | None) -> None:
        """Start the services, unless a port of one of them is taken or a setting would have no effect."""
        settings = settings_given()
        own = addresses_for(services, settings)
        check_none_overruled(own if CONTROL_ROOM in services else own | {"LISTEN_HOST": HOST}, settings)
        chosen = ports(services, settings)
        check_free(chosen)
        if logs:
            logs.mkdir(parents=True, exist_ok=True)
        environment = user_environment(settings | own) | {TRACES_GO_TO: settings.get(TRACES_GO_TO, "")}
        for service, port in chosen.items():
            log = logs and logs / f"{service.name}.log"
            if log:
                log.unlink(missing_ok=True)
                log.with_name(f"{log.name}.1").unlink(missing_ok=True)
            if service.loads:
                page = [*_web_load(own[service.loads.url_variable], port), *service.load_options]
                start_locust(self._processes, page, service.name, log)
            else:
                program = service.program
                check_none_overruled(program.settings, settings)
                command = [sys.executable, "-m", program.module]
                its_own = {"LISTEN_HOST": listen_host(service, settings), program.port_variable: str(port)}
                env = {**environment, **its_own, **program.settings}
                start = partial(self._processes.start, service.name, command, log=log, env=env)
                self._starts[service] = start
                self._groups[service] = start()

    def check_alive(self) -> None:
        """Raise with the last lines of its log if a service has ended."""
        self._processes.check_alive()

    def wait(self) -> None:
        """Check the services until one has ended, then raise as `check_alive` does."""
        while True:
            self.check_alive()
            time.sleep(LOOK_EVERY_S)

    def suspend(self, service: Service) -> None:
        """Send SIGSTOP to all processes of a service."""
        self._groups[service].send(signal.SIGSTOP)

    def resume(self, service: Service) -> None:
        """Send SIGCONT to all processes of a service."""
        self._groups[service].send(signal.SIGCONT)

    def kill(self, service: Service) -> None:
        """Send SIGKILL to all processes of a service."""
        self._processes.kill(self._groups.pop(service))

    def restart(self, service: Service) -> None:
        """Start a service that was killed, as it was started before."""
        self._groups[service] = self._starts[service]()

    def stop(self) -> None:
        """Ask every service to stop, and kill the processes that do not stop in time."""
        self._processes.stop()


def listen_host(service: Service, settings: Mapping[str, str]) -> str:
    """Return the address that a service listens on: only the control room's may be open to other machines."""
    return (settings.get("LISTEN_HOST") or HOST) if service == CONTROL_ROOM else HOST


def _web_load(target: str, port: int) -> list[str]:
    files = f"{ROOT / 'locustfile.py'},{ROOT / 'load' / 'web_access.py'}"
    page = ["--host", target, "--web-host", HOST, "--web-port", str(port)]
    return ["-f", files, *page, "--loglevel", "WARNING"]
