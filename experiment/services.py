"""The services of the shop, those that watch and load it, and where they listen."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from experiment.errors import UsageError
from experiment.paths import ROOT

HOST = "127.0.0.1"
MAX_PORT = 65535


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its folder and image, and the variable of its port (defaults in .env, as Compose reads them)."""

    name: str
    port_variable: str
    ready_path: str = "/ready"
    loads: "Service | None" = None  # the gateway that this Locust has for its target

    @property
    def url_variable(self) -> str:
        """The setting by which other services are told where this one is."""
        return f"{self.name.upper().replace('-', '_')}_URL"

    @property
    def module(self) -> str:
        """The package in its folder."""
        return self.name.replace("-", "_")


PRODUCT = Service("product-service", "PRODUCT_SERVICE_PORT")
RECOMMENDATIONS = Service("recommendations-service", "RECOMMENDATIONS_SERVICE_PORT")
GATEWAY_V1 = Service("api-gateway-v1", "API_GATEWAY_V1_PORT")
GATEWAY_V2 = Service("api-gateway-v2", "API_GATEWAY_V2_PORT")
LOAD_V1 = Service("load-v1", "LOAD_V1_PORT", ready_path="/stats/requests", loads=GATEWAY_V1)
LOAD_V2 = Service("load-v2", "LOAD_V2_PORT", ready_path="/stats/requests", loads=GATEWAY_V2)
CONTROL_ROOM = Service("control-room", "CONTROL_ROOM_PORT")
SERVICES = (PRODUCT, RECOMMENDATIONS, GATEWAY_V1, GATEWAY_V2)
LIVE = (*SERVICES, LOAD_V1, LOAD_V2, CONTROL_ROOM)
GATEWAYS = (GATEWAY_V1, GATEWAY_V2)


def service_named(name: str) -> Service:
    """Return the service with this name.

    Raises:
        UsageError: there is none.
    """
    for service in SERVICES:
        if service.name == name:
            return service
    raise UsageError(f"no service {name!r}; there are: {', '.join(service.name for service in SERVICES)}")


def ports(environment: Mapping[str, str] = os.environ) -> dict[Service, int]:
    """Return the port of each service: from the environment, else from .env.

    Raises:
        UsageError: a port is not one, or two are the same.
    """
    defaults = _read_env_file()
    chosen = {s: port_in(environment, s.port_variable, defaults[s.port_variable]) for s in LIVE}
    for service, port in chosen.items():
        for other, other_port in chosen.items():
            if other is not service and other_port == port:
                raise UsageError(f"{service.port_variable} and {other.port_variable} are both {port}")
    return chosen


def urls(environment: Mapping[str, str] = os.environ) -> dict[Service, str]:
    """Return the address of each service; raises as `ports` does."""
    return {service: f"http://{HOST}:{port}" for service, port in ports(environment).items()}


def port_in(environment: Mapping[str, str], variable: str, default: str) -> int:
    """Return the port that the environment asks for.

    Raises:
        UsageError: it is none.
    """
    text = environment.get(variable) or default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MAX_PORT:
        raise UsageError(f"bad setting: {variable}={text!r}: a port is a whole number from 1 to {MAX_PORT}")
    return int(text)


def _read_env_file() -> dict[str, str]:
    lines = (ROOT / ".env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
