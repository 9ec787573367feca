"""The shop as gunicorn processes on 127.0.0.1, each with a log file of its own."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from demo.engines.engine import Engine
from demo.engines.taken_ports import check_free
from experiment.paths import ROOT
from experiment.processes import Supervisor, user_environment
from experiment.services import CONTROL_ROOM, HOST, Service, ports, urls

LOOK_EVERY_S = 1


class LocalEngine(Engine):
    """One process group for each service."""

    name = "local"

    def __init__(self) -> None:
        self._processes = Supervisor()

    def start(self, services: Sequence[Service], logs: Path | None) -> None:
        """Start the services, unless a port of one of them is taken."""
        check_free((service, port) for service, port in ports().items() if service in services)
        if logs:
            logs.mkdir(parents=True, exist_ok=True)
        for service in services:
            log = logs and logs / f"{service.name}.log"
            if log:
                log.unlink(missing_ok=True)
            self._processes.start(service.name, _command(service), log=log, env=_environment(service))

    def check_alive(self) -> None:
        """Raise with the last lines of its log when a service has ended."""
        self._processes.check_alive()

    def wait(self) -> None:
        """Look after the services until one ends."""
        while True:
            self.check_alive()
            time.sleep(LOOK_EVERY_S)

    def stop(self) -> None:
        """Ask every service to stop, and kill what has not stopped in time; nothing of it is left."""
        self._processes.stop()


def _environment(service: Service) -> dict[str, str]:
    environment = user_environment()
    published = environment.get("LISTEN_HOST") if service is CONTROL_ROOM else None
    return environment | {
        "LISTEN_HOST": published or HOST,  # the control room alone may be open to others
        service.port_variable: str(ports()[service]),
        **{other.url_variable: url for other, url in urls().items()},
    }


def _command(service: Service) -> list[str]:
    if service.loads is None:
        return [sys.executable, "-m", service.module]
    target, port = urls()[service.loads], str(ports()[service])
    files = f"{ROOT / 'locustfile.py'},{ROOT / 'load' / 'web_access.py'}"
    web = ["--host", target, "--web-host", HOST, "--web-port", port]
    return [sys.executable, "-m", "locust", "-f", files, *web, "--loglevel", "WARNING"]
