"""deploy/swarm, held against docker-compose.yml."""

import re
from typing import Any

import pytest
import yaml

from support.demo import ROOT
from support.settings import SETTINGS, variables_of

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
STACK = yaml.safe_load((ROOT / "deploy" / "swarm" / "stack.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = STACK["services"]
SAME = ("init", "read_only", "tmpfs", "cap_drop", "logging", "networks")
OF_A_LOAD = {"load": "load-v2", "load-worker": "load-v2"}  # by their names in docker-compose.yml
PLACE = {
    "STOP_S",
    "ALLOWED_HOSTS",
    "OPERATOR_TOKEN",
    "LOCUST_HOST",
    "LOCUST_NAMES",
}  # what a place decides, and not Compose


def in_compose(service: str) -> tuple[str, dict[str, Any]]:
    """Return the name of a service in docker-compose.yml, and what stands there."""
    name = OF_A_LOAD.get(service, service)
    return name, COMPOSE[name]


@pytest.mark.parametrize("service", SERVICES)
def test_runs_what_compose_builds(service: str) -> None:
    """Each service runs the image that Compose builds, as Compose does."""
    name, compose = in_compose(service)

    assert SERVICES[service]["image"] == f"${{IMAGE_PREFIX:-shop}}-{name}:${{TAG:-latest}}"
    assert {key: SERVICES[service].get(key) for key in SAME} == {key: compose.get(key) for key in SAME}


@pytest.mark.parametrize("service", SERVICES)
def test_has_the_limits_of_compose(service: str) -> None:
    """A task gets the memory, processors and processes of a container of Compose."""
    _, compose = in_compose(service)

    limits = SERVICES[service]["deploy"]["resources"]["limits"]
    assert limits == {
        "memory": compose["mem_limit"].upper(),
        "cpus": str(compose["cpus"]),
        "pids": compose["pids_limit"],
    }


@pytest.mark.parametrize("service", SERVICES)
def test_has_the_environment_of_compose(service: str) -> None:
    """What a service is told here, it is told by Compose as well, except for what depends on the place."""
    _, compose = in_compose(service)
    told = {
        name: value
        for name, value in SERVICES[service]["environment"].items()
        if name not in PLACE and not name.startswith("LOCUST_")
    }

    assert told == {name: value for name, value in compose["environment"].items() if name in told}
    assert {"NO_PROXY", "no_proxy"} <= set(told)


@pytest.mark.parametrize("service", sorted(SETTINGS.keys() & SERVICES.keys()))
def test_is_well_as_long_as_it_answers(service: str) -> None:
    """Swarm replaces a task whose check fails, so each check asks /health, which needs no other service."""
    _, compose = in_compose(service)

    assert SERVICES[service]["healthcheck"] == {
        **compose["healthcheck"],
        "test": [*compose["healthcheck"]["test"], "/health"],
    }


@pytest.mark.parametrize("service", SERVICES)
def test_has_time_to_stop(service: str) -> None:
    """Swarm waits for longer than a service may take to stop, and as Compose does where nothing is said."""
    _, compose = in_compose(service)
    stop_s = SERVICES[service]["environment"].get("STOP_S")

    waits = SERVICES[service]["stop_grace_period"]
    assert waits == (f"{int(stop_s) + 2}s" if stop_s else compose["stop_grace_period"])


def test_publishes_the_gateways_alone() -> None:
    """The gateways have Compose's ports, and nothing else can be reached from outside."""
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published == {
        name: [port.removeprefix("127.0.0.1:") for port in COMPOSE[name]["ports"]]
        for name in ("api-gateway-v1", "api-gateway-v2")
    }


def test_examples_of_settings_are_settings() -> None:
    """The file of v2's settings names only such settings."""
    text = (ROOT / "deploy" / "swarm" / "api-gateway-v2.env").read_text(encoding="utf-8")
    named = re.findall(r"^(?:# )?([A-Z_]+)=", text, flags=re.MULTILINE)

    assert named
    assert set(named) <= set(variables_of(SETTINGS["api-gateway-v2"]))
