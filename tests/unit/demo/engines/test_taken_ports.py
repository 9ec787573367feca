"""Ports that are taken, and by whom."""

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.engines import taken_ports
from demo.engines.taken_ports import check_free
from experiment.errors import EnvironmentProblem
from experiment.services import GATEWAY_V1, GATEWAY_V2, PRODUCT
from support.demo import this_program
from support.networks import require_ipv6

FreePorts = Callable[[int], list[int]]
LISTENER = "import socket, sys; s = socket.create_server(('127.0.0.1', int(sys.argv[-1]))); print(flush=True); input()"


def test_names_all_taken_ports_and_what_holds_them(free_ports: FreePorts) -> None:
    """One message has every taken port, its service and holder, and the settings that choose others."""
    one, other, free = free_ports(3)
    with (
        socket.create_server(("127.0.0.1", one)),
        socket.create_server(("127.0.0.1", other)),
        pytest.raises(EnvironmentProblem) as refused,
    ):
        check_free({GATEWAY_V1: one, PRODUCT: free, GATEWAY_V2: other})
    holder = f"process {os.getpid()} ({this_program()})"
    assert str(refused.value).split(";\n  ") == [
        f"port {one} of api-gateway-v1 is taken by {holder}",
        f"port {other} of api-gateway-v2 is taken by {holder}",
        "stop those, or choose another port: API_GATEWAY_V1_PORT=... API_GATEWAY_V2_PORT=... python3 run_demo.py",
    ]
    check_free({GATEWAY_V1: one, PRODUCT: free, GATEWAY_V2: other})


def test_port_is_taken_by_who_has_it_on_ipv6(free_ports: FreePorts) -> None:
    """What listens on [::1] alone would answer for `localhost`, and counts."""
    require_ipv6()
    (port,) = free_ports(1)
    with (
        socket.create_server(("::1", port), family=socket.AF_INET6),
        pytest.raises(EnvironmentProblem, match=rf"port {port} \(on ::1.*\) of .* by process {os.getpid()} "),
    ):
        check_free({GATEWAY_V1: port})


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "app.py"],
        [sys.executable, "-m", "locust"],
        ["gunicorn: master [api-gateway-v1]", "app.py"],  # as it names itself
    ],
    ids=["lab", "load", "service"],
)
def test_names_the_command_that_ends_what_was_left_running(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_ports: FreePorts
) -> None:
    """A holder that is a process of this project is ended by one command; any other is the user's to stop."""
    port, foreign = free_ports(2)
    monkeypatch.setattr(taken_ports, "ROOT", tmp_path)
    for name in ("app.py", "locust.py"):
        (tmp_path / name).write_text(LISTENER)
    with subprocess.Popen(  # noqa: S603 - our own
        [*command, str(port)],
        executable=sys.executable,
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as ours:
        assert ours.stdout is not None
        ours.stdout.readline()
        with socket.create_server(("127.0.0.1", foreign)), pytest.raises(EnvironmentProblem) as refused:
            check_free({GATEWAY_V1: port, GATEWAY_V2: foreign})
        ours.kill()
    assert f"end what still runs of this project: kill {ours.pid};" in str(refused.value)
    assert str(refused.value).endswith("stop that, or choose another port: API_GATEWAY_V2_PORT=... python3 run_demo.py")


def test_port_that_may_not_be_had_is_not_called_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port below 1024, which only root gets, is refused with that reason."""

    def refuse(_host: str, _port: int) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(taken_ports, "check_port", refuse)
    with pytest.raises(EnvironmentProblem, match=r"cannot listen on 127\.0\.0\.1:80: Permission denied"):
        check_free({GATEWAY_V1: 80})
