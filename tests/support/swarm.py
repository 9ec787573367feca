"""The shop on a swarm of one node, as a stack of the tests' own."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.demo import Demo
from support.docker import docker

# As docs/deploying.md has them, and in this order.
BUILD = "COMPOSE_PROJECT_NAME=shop docker compose build"
INIT = "docker swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1"
DEPLOY = "docker stack deploy --resolve-image never --compose-file deploy/swarm/stack.yml shop"
LOAD = "docker service scale shop_load-worker=2"
LOGS = "docker service logs --tail 20 shop_load"
UPDATE = "docker service update --force shop_api-gateway-v2"
REMOVE = "docker stack rm shop"
LEAVE = "docker swarm leave --force"
COMMANDS = (BUILD, INIT, DEPLOY, LOAD, LOGS, UPDATE, REMOVE, LEAVE)

GATEWAY_BRIDGE = "docker_gwbridge"  # what a swarm adds to a machine, and leaves there
READ = "import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=10).read().decode())"
BREAK = "import sys, urllib.request as r; r.urlopen(r.Request(*sys.argv[1:2], sys.argv[2].encode(), method='PUT'))"

PollUntil = Callable[..., None]


class Stack:
    """The stack, and the commands of the documents for it."""

    def __init__(self, demo: Demo, name: str, settings: Mapping[str, str], poll_until: PollUntil) -> None:
        self._demo = demo
        self._name = name
        self._settings = {**settings, "IMAGE_PREFIX": name}
        self._poll_until = poll_until

    def run(self, command: str) -> None:
        """Run a documented command, for the stack of the tests' own."""
        status, said = self._try(command)
        assert status == 0, f"{command}: {said}"

    def remove(self) -> None:
        """Remove the stack; as the documents say, again where its last tasks still use a network."""
        self._poll_until(lambda: self._try(REMOVE)[0] == 0, within_s=60)

    def _try(self, command: str) -> tuple[int, str]:
        status, out, err = self._demo.run("bash", "-c", re.sub(r"\bshop", self._name, command), env=self._settings)
        return status, out + err

    def containers(self, service: str, *only: str) -> list[str]:
        """Return the running containers of a service."""
        of_service = f"label=com.docker.swarm.service.name={self._name}_{service}"
        return docker("ps", "--quiet", "--filter", of_service, *only).split()

    def wait_until_all_run(self) -> None:
        """Return when every service has its replicas."""
        self._poll_until(self._all_run, within_s=60)

    def _all_run(self) -> bool:
        mine = f"label=com.docker.stack.namespace={self._name}"
        replicas = docker("service", "ls", "--filter", mine, "--format", "{{.Replicas}}").split()
        return all(running == wanted for running, wanted in (entry.split("/") for entry in replicas))

    def built(self, service: str) -> str:
        """Return the image of a service that was built last."""
        return docker("image", "inspect", "--format", "{{.Id}}", f"{self._name}-{service}").strip()

    def wait_until_replaced(self, service: str) -> None:
        """Return when every container of a service runs the image that was built last."""
        self._poll_until(
            lambda: self.containers(service) == self.containers(service, "--filter", f"ancestor={self.built(service)}")
        )

    def break_every(self, service: str, port: int, fault: str) -> None:
        """Put a fault into each replica of a service."""
        for container in self.containers(service):
            docker("exec", container, "python", "-c", BREAK, f"http://127.0.0.1:{port}/faults", fault)

    def load(self) -> dict[str, Any]:
        """Return what the master of the load generators has counted."""
        (container,) = self.containers("load")
        read = docker("exec", container, "python", "-c", READ, "http://127.0.0.1:8092/stats/requests")
        return dict(json.loads(read))

    @contextmanager
    def visitors(self, gateway: str, port: int) -> Iterator[dict[str, int]]:
        """Send visitors from a load generator during the block; afterwards, yield what they have seen."""
        seen: dict[str, int] = {}
        script = Path(__file__).with_name("visitors.py").read_text(encoding="utf-8")
        command = ("docker", "exec", "--interactive", self.containers("load-worker")[0], "python", "-c", script)
        process = subprocess.Popen(  # noqa: S603 - our own script
            (*command, gateway, str(port)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr, text=True
        )
        try:
            yield seen
        finally:
            out, _ = process.communicate(timeout=30)
        seen.update(json.loads(out))

    def wait_until_gone(self) -> None:
        """Return when nothing of the stack is left."""
        mine = f"label=com.docker.stack.namespace={self._name}"
        self._poll_until(
            lambda: not docker("ps", "--all", "--quiet", "--filter", mine) + docker("network", "ls", "-q", "-f", mine)
        )


@contextmanager
def swarm(port: int) -> Iterator[None]:
    """Make this engine a swarm of one node during the block, unless it is in one."""
    if docker("info", "--format", "{{.Swarm.LocalNodeState}}").strip() == "active":
        yield
        return
    had_bridge = _has_bridge()
    docker(*f"{INIT}:{port}".split()[1:])
    try:
        yield
    finally:
        docker(*LEAVE.split()[1:])
        if not had_bridge:
            docker("network", "rm", GATEWAY_BRIDGE)


def _has_bridge() -> bool:
    return GATEWAY_BRIDGE in docker("network", "ls", "--format", "{{.Name}}").split()
