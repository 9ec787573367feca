"""The Compose stack as it is, held against what this checkout and its user's settings ask for."""

import json
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.engines.compose import docker
from experiment.errors import EnvironmentProblem
from experiment.paths import ROOT
from experiment.services import GATEWAY_V2, Service

LABEL = "com.docker.compose"
REPLICA = f"{GATEWAY_V2.name}-replica"
BALANCER = "balancer"


@dataclass(frozen=True, slots=True)
class Container:
    """One container of the stack."""

    name: str
    service: str
    checkout: Path  # the folder whose docker-compose.yml it comes from
    running: bool
    exit_status: int  # 0 while it runs
    settings: Mapping[str, str]
    ports: Collection[int]  # on this machine


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting that the running stack was started with, and that is another one now."""

    name: str
    running: str  # empty: unset
    asked: str

    def __str__(self) -> str:
        if self._is_secret:
            return f"another {self.name}"
        has = f"{self.name}={self.running}" if self.running else f"{self.name} at its default"
        return f"{has}, not {self.asked}"

    @property
    def assignment(self) -> str:
        """Return what sets it on a command line; `...` stands for a secret."""
        return f"{self.name}={'...' if self._is_secret else shlex.quote(self.asked)}"

    @property
    def _is_secret(self) -> bool:
        return self.name.endswith("_TOKEN") or self.name == "CIRCUIT_SHARE_URL"  # an address with a password


@dataclass(frozen=True, slots=True)
class Stack:
    """What docker-compose.yml asks for with the settings of now, and the containers that there are."""

    project: str
    asked: Mapping[str, Mapping[str, str]]  # the settings of each service; an empty one is unset
    depends_on: Mapping[str, Collection[str]]
    containers: Collection[Container]
    replicas: Sequence[Container] = ()  # of v2 that run, with the profile `replicas`
    balancer: Container | None = None  # before them

    @property
    def running(self) -> dict[str, Container]:
        """Return the running containers by service."""
        return {container.service: container for container in self.containers if container.running}

    def settings_in_use(self) -> dict[str, str]:
        """Return the settings of the running containers; an empty one is unset."""
        running = self.running.items()
        return {name: c.settings.get(name, "") for service, c in running for name in self.asked[service]}

    def missing(self, services: Iterable[str]) -> list[str]:
        """Return the services that do not run, of these and of those that they depend on."""
        found: dict[str, None] = {}
        for service in services:
            if service not in self.running:
                found |= dict.fromkeys([*self.missing(self.depends_on[service]), service])
        return list(found)

    def check_checkout(self, folder: Path = ROOT) -> None:
        """Raise EnvironmentProblem when containers of the project come from another folder."""
        for container in self.containers:
            if container.checkout.resolve() != folder.resolve():
                raise EnvironmentProblem(
                    f"the containers of {self.project} belong to {container.checkout}: run `docker compose down` "
                    "there, or give this checkout a name (COMPOSE_PROJECT_NAME=...) and ports of its own"
                )

    def check_settings(self, ports: Mapping[Service, int], given: Collection[str]) -> None:
        """Raise EnvironmentProblem when the running containers have other settings than those `given` by the user."""
        differences = {found.name: found for found in self._differences(ports, given)}.values()
        if differences:
            assignments = " ".join(difference.assignment for difference in differences)
            raise EnvironmentProblem(
                f"the running stack has {'; '.join(map(str, differences))}: "
                f"`{assignments} docker compose up --detach --wait` changes it, `docker compose down` ends it"
            )

    def _differences(self, ports: Mapping[Service, int], given: Collection[str]) -> Iterator[Difference]:
        for service, port in ports.items():
            container = self.running.get(service.name)
            if container is None:
                continue
            for name, value in self.asked[service.name].items():
                running = container.settings.get(name, "")
                if name in given and running != value:
                    yield Difference(name, running, value)
            if port not in container.ports:
                published = ",".join(map(str, container.ports)) or "none"
                yield Difference(service.port_variable, published, str(port))


def read_stack() -> Stack:
    """Return the stack of this checkout, as `docker compose` finds it.

    Raises:
        EnvironmentProblem: a docker command failed.
    """
    config = json.loads(docker("compose", "config", "--format", "json"))
    services = config["services"].items()
    found = [_container(inspected) for inspected in _containers_of(config["name"])]
    running = [container for container in found if container.running]
    return Stack(
        project=config["name"],
        asked={name: _settings_in(service) for name, service in services},
        depends_on={name: list(service.get("depends_on") or ()) for name, service in services},
        containers=[container for container in found if container.service in config["services"]],
        replicas=sorted((one for one in running if one.service == REPLICA), key=lambda one: one.name),
        balancer=next((one for one in running if one.service == BALANCER), None),
    )


def check_no_other_stack(ports: Collection[int]) -> None:
    """Raise EnvironmentProblem when containers hold one of these ports."""
    filters = [argument for port in ports for argument in ("--filter", f"publish={port}/tcp")]
    for inspected in _inspect("--filter", "status=running", *filters) if filters else ():
        folder = inspected["Config"]["Labels"].get(f"{LABEL}.project.working_dir")
        name = inspected["Name"].lstrip("/")
        end_it = f"run `docker compose down` in {folder}" if folder else f"run `docker stop {name}`"
        raise EnvironmentProblem(
            f"the container {name} has a port of this shop: {end_it}, or choose other ports (.env)"
        )


def _containers_of(project: str) -> list[dict[str, Any]]:
    labels = (f"{LABEL}.project={project}", f"{LABEL}.oneoff=False")
    return _inspect("--all", *(argument for label in labels for argument in ("--filter", f"label={label}")))


def _inspect(*listed: str) -> list[dict[str, Any]]:
    """Return the details of the containers that `docker ps` lists with these arguments."""
    containers = docker("ps", "--quiet", *listed).split()
    found: list[dict[str, Any]] = json.loads(docker("inspect", *containers)) if containers else []
    return found


def _settings_in(service: dict[str, Any]) -> dict[str, str]:
    settings = service.get("environment") or {}
    return {name: (value or "").replace("$$", "$") for name, value in settings.items()}  # Compose escapes each $


def _container(inspected: dict[str, Any]) -> Container:
    labels, bindings = inspected["Config"]["Labels"], inspected["NetworkSettings"]["Ports"] or {}
    return Container(
        name=inspected["Name"].lstrip("/"),
        service=labels[f"{LABEL}.service"],
        checkout=Path(labels[f"{LABEL}.project.working_dir"]),
        running=inspected["State"]["Status"] == "running",
        exit_status=inspected["State"]["ExitCode"],
        settings=dict(line.split("=", 1) for line in inspected["Config"]["Env"] if "=" in line),
        ports=[int(published["HostPort"]) for inside in bindings.values() for published in inside or ()],
    )
