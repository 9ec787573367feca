"""The services of the shop, the load and the control room, and their addresses."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values
from pydantic import TypeAdapter, ValidationError

from experiment.errors import UsageError
from experiment.paths import ROOT
from shopkit.settings import MAX_PORT, Port

HOST = "127.0.0.1"
ENV_FILE = ROOT / ".env"  # as Compose reads it
_PORT: TypeAdapter[int] = TypeAdapter(Port)


@dataclass(frozen=True, slots=True)
class Service:
    """One service: the name of its folder and image, and the variable and default of its port."""

    name: str
    port_variable: str
    default_port: int
    ready_path: str = "/ready"
    loads: "Service | None" = None  # the gateway that this Locust loads

    @property
    def url_variable(self) -> str:
        """The setting of other services that holds this service's address."""
        return f"{self.name.upper().replace('-', '_')}_URL"

    @property
    def module(self) -> str:
        """The name of its Python package."""
        return self.name.replace("-", "_")


PRODUCT = Service("product-service", "PRODUCT_SERVICE_PORT", 8081)
RECOMMENDATIONS = Service("recommendations-service", "RECOMMENDATIONS_SERVICE_PORT", 8082)
GATEWAY_V1 = Service("api-gateway-v1", "API_GATEWAY_V1_PORT", 8080)
GATEWAY_V2 = Service("api-gateway-v2", "API_GATEWAY_V2_PORT", 8090)
LOAD_V1 = Service("load-v1", "LOAD_V1_PORT", 8091, ready_path="/stats/requests", loads=GATEWAY_V1)
LOAD_V2 = Service("load-v2", "LOAD_V2_PORT", 8092, ready_path="/stats/requests", loads=GATEWAY_V2)
CONTROL_ROOM = Service("control-room", "CONTROL_ROOM_PORT", 8000)
SERVICES = (PRODUCT, RECOMMENDATIONS, GATEWAY_V1, GATEWAY_V2)
LIVE = (*SERVICES, LOAD_V1, LOAD_V2, CONTROL_ROOM)
GATEWAYS = (GATEWAY_V1, GATEWAY_V2)


def service_named(name: str) -> Service:
    """Return the service with this name.

    Raises:
        UsageError: there is no such service.
    """
    for service in SERVICES:
        if service.name == name:
            return service
    raise UsageError(f"no service {name!r}; there are: {', '.join(service.name for service in SERVICES)}")


def ports(environment: Mapping[str, str] = os.environ, env_file: Path = ENV_FILE) -> dict[Service, int]:
    """Return the port of each service: from the environment, else from .env, else its default.

    Raises:
        UsageError: a port is not valid, or two services have the same port.
    """
    settings = dotenv_values(env_file) | dict(environment)
    chosen = {service: port_in(settings, service) for service in LIVE}
    for service, port in chosen.items():
        for other, other_port in chosen.items():
            if other is not service and other_port == port:
                raise UsageError(f"{service.port_variable} and {other.port_variable} are both {port}")
    return chosen


def urls(environment: Mapping[str, str] = os.environ) -> dict[Service, str]:
    """Return the address of each service. Raise as `ports` does."""
    return {service: f"http://{HOST}:{port}" for service, port in ports(environment).items()}


def port_in(settings: Mapping[str, str | None], service: Service) -> int:
    """Return the port of a service from the settings, or its default.

    Raises:
        UsageError: the value is not a valid port.
    """
    text = settings.get(service.port_variable) or service.default_port
    try:
        return _PORT.validate_python(text)
    except ValidationError:
        problem = f"a port is a whole number from 1 to {MAX_PORT}"
        raise UsageError(f"bad setting: {service.port_variable}={text!r}: {problem}") from None
