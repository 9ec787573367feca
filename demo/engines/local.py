"""The shop as gunicorn processes on 127.0.0.1, each with a log file of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from demo.engines.engine import Engine
from demo.engines.taken_ports import check_free
from experiment.errors import DemoError, EnvironmentProblem, UsageError
from experiment.paths import ROOT
from experiment.services import HOST, Service, ports, urls
from experiment.signals import held_back

STOP_WITHIN_S = 5.0
BAD_SETTING = 2  # the exit status of a service whose settings are wrong
LINES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _Process:
    service: Service
    popen: subprocess.Popen[bytes]
    log: Path | None


class LocalEngine(Engine):
    """One process group for each service."""

    name = "local"

    def __init__(self) -> None:
        self._processes: list[_Process] = []

    def start(self, services: Sequence[Service], logs: Path | None) -> None:
        """Start the services, unless a port of one of them is taken."""
        check_free((service, port) for service, port in ports().items() if service in services)
        if logs:
            logs.mkdir(parents=True, exist_ok=True)
        for service in services:
            with held_back():
                self._processes.append(_start(service, logs and logs / f"{service.name}.log"))

    def check_alive(self) -> None:
        """Raise with the last lines of its log when a service has ended."""
        for process in self._processes:
            status = process.popen.poll()
            if status is not None:
                raise _died(process, status)

    def wait(self) -> None:
        """Look after the services until one ends."""
        while True:
            self.check_alive()
            time.sleep(1)

    def stop(self) -> None:
        """Ask every service to stop, and kill what has not stopped in time; nothing of it is left."""
        for process in self._processes:
            _signal(process, signal.SIGTERM)
        ends_at = time.monotonic() + STOP_WITHIN_S
        for process in self._processes:
            try:
                process.popen.wait(max(0.0, ends_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.popen.wait()
            with suppress(ProcessLookupError, PermissionError):  # workers that outlived their master
                os.killpg(process.popen.pid, signal.SIGKILL)
        self._processes.clear()


def _start(service: Service, log: Path | None) -> _Process:
    address = urls()
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment = inherited | {
        "PYTHONUNBUFFERED": "1",
        "LISTEN_HOST": HOST,
        service.port_variable: str(ports()[service]),
        **{other.url_variable: url for other, url in address.items()},
    }
    output = log.open("wb") if log else None
    try:
        popen = subprocess.Popen(  # noqa: S603 - our own services
            [sys.executable, "-m", *_module_and_arguments(service)],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            start_new_session=True,  # the terminal's Ctrl-C is for run_demo.py, which then stops them in order
        )
    finally:
        if output:
            output.close()
    return _Process(service, popen, log)


def _module_and_arguments(service: Service) -> list[str]:
    if service.loads is None:
        return [service.module]
    target, port = urls()[service.loads], str(ports()[service])
    files = f"{ROOT / 'locustfile.py'},{ROOT / 'load' / 'web_access.py'}"
    return ["locust", "-f", files, "--host", target, "--web-host", HOST, "--web-port", port, "--loglevel", "WARNING"]


def _signal(process: _Process, number: signal.Signals) -> None:
    if process.popen.poll() is None:
        with suppress(ProcessLookupError):
            process.popen.send_signal(number)


def _died(process: _Process, status: int) -> DemoError:
    lines = process.log.read_text(errors="replace").strip().splitlines() if process.log else []
    kind = UsageError if status == BAD_SETTING else EnvironmentProblem
    last = "".join(f"\n  {line}" for line in lines[-LINES_SHOWN:])
    return kind(f"{process.service.name} ended with status {status}{': its last lines:' if last else ''}{last}")
