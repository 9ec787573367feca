"""Check that ports are free, and find the process that uses a port."""

from collections.abc import Iterable

import psutil

from experiment.errors import EnvironmentProblem
from experiment.services import HOST, Service
from shopkit.ports import check_port


def check_free(ports: Iterable[tuple[Service, int]]) -> None:
    """Check that every port is free.

    Raises:
        EnvironmentProblem: a port is taken; the message names the port, the service and the process that uses it.
    """
    for service, port in ports:
        if _is_taken(port):
            raise EnvironmentProblem(
                f"port {port} of {service.name} is taken by {_holder(port)}; "
                f"stop that, or choose another: {service.port_variable}=... python3 run_demo.py"
            )


def _is_taken(port: int) -> bool:
    try:
        check_port(HOST, port)
    except OSError:
        return True
    return False


def _holder(port: int) -> str:
    for process in psutil.process_iter(["pid", "name"]):
        try:
            listening = [c for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
        except psutil.Error:  # it has ended, or belongs to another user
            continue
        if any(connection.laddr.port == port for connection in listening):
            return f"process {process.pid} ({_shown(process)})"
    return "a process of another user"


def _shown(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())[:80] or process.name()
    except psutil.Error:
        return "ended just now"
