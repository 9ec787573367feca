"""Check that ports are free, and find the process that uses a port."""

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from experiment.errors import EnvironmentProblem
from experiment.paths import ROOT
from experiment.services import HOST, LIVE, Service
from shopkit.ports import check_port, host_and_port

HOSTS = (HOST, "::1")  # `localhost` may mean either: what listens on the other one would answer in our place
SHOWN = 80  # characters of a command
OWN_MODULES = ("locust", *(service.program.module for service in LIVE))
RUN = "run_demo.py"


@dataclass(frozen=True, slots=True)
class _Taken:
    service: Service
    address: str
    holder: psutil.Process | None  # None: another user's

    def __str__(self) -> str:
        return f"{self.address} of {self.service.name} is taken by {_described(self.holder)}"


def check_free(ports: Mapping[Service, int]) -> None:
    """Return if every port can be had.

    Raises:
        EnvironmentProblem: some can't; says which, for which services, who holds them, and what to do.
    """
    taken = [
        _Taken(service, _shown(host, port), _holder(host, port))
        for service, port in ports.items()
        for host in HOSTS
        if _is_taken(service, host, port)
    ]
    if taken:
        between = ";\n  " if len(taken) > 1 else "; "
        raise EnvironmentProblem(between.join((*map(str, taken), *_advice(taken))))


def _advice(taken: Iterable[_Taken]) -> Iterable[str]:
    ours = {one: pid for one in taken if one.holder and (pid := _pid_that_ends(one.holder))}
    if ours:
        yield f"end what still runs of this project: kill {' '.join(map(str, dict.fromkeys(ours.values())))}"
    if others := dict.fromkeys(one.service.port_variable for one in taken if one not in ours):
        that = "that" if len(others) == 1 else "those"
        yield f"stop {that}, or choose another port: {' '.join(f'{name}=...' for name in others)} python3 {RUN}"


def _is_taken(service: Service, host: str, port: int) -> bool:
    try:
        check_port(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return True
        if host == HOST:  # elsewhere it means that there is no IPv6
            raise EnvironmentProblem(
                f"{service.name} cannot listen on {host_and_port(host, port)}: {error.strerror}; "
                f"choose another port: {service.port_variable}=... python3 {RUN}"
            ) from None
    return False


def _shown(host: str, port: int) -> str:
    return f"port {port}" if host == HOST else f"port {port} (on {host}, which localhost may mean)"


def _holder(host: str, port: int) -> psutil.Process | None:
    for process in psutil.process_iter(["pid", "name"]):
        try:
            listening = [c.laddr for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
        except psutil.Error:  # ended meanwhile, or another user's
            continue
        if any(address.port == port and address.ip in (host, "0.0.0.0", "::") for address in listening):  # noqa: S104 - compared
            return process
    return None


def _described(process: psutil.Process | None) -> str:
    if process is None:
        return "a process of another user, or a container (docker ps)"
    words = " ".join(_command(process)).split()
    return f"process {process.pid} ({' '.join(words)[:SHOWN]})"


def _pid_that_ends(holder: psutil.Process) -> int | None:
    """Return whom to kill where the holder is a process of this project: the command that runs it, or its master."""
    try:
        line = [process for process in (holder, *holder.parents()) if _is_ours(process)]
        own = {process.pid for process in (psutil.Process(), *psutil.Process().parents())}
    except psutil.Error:
        return None
    return line[-1].pid if line and line[-1].pid not in own else None


def _is_ours(process: psutil.Process) -> bool:
    """Whether it is run_demo.py, a service, a Locust or a lab's service, started in this folder."""
    try:
        in_project = Path(process.cwd()).is_relative_to(ROOT)
    except psutil.Error:
        return False
    match _command(process):
        case [title, *_] if title.startswith("gunicorn: "):  # as it names itself where setproctitle is installed
            return in_project
        case [_, "-m", module, *_]:
            return in_project and module in OWN_MODULES
        case [_, script, *_]:
            return in_project and Path(script).name in (RUN, "app.py")
    return False


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline() or [process.name()]
    except psutil.Error:
        return ["ended just now"]
