"""The services of the shop, the load and the control room, and their addresses."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from itertools import combinations
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import TypeAdapter, ValidationError

from experiment.errors import UsageError
from experiment.paths import ROOT
from shopkit.settings import MAX_PORT, Port

HOST = "127.0.0.1"
ENV_FILE = ROOT / ".env"  # as Compose reads it
_PORT: TypeAdapter[int] = TypeAdapter(Port)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """What runs as a service, where that is not the package of its name, or has settings of its own."""

    module: str
    port_variable: str  # by which it is told its port
    settings: Mapping[str, str] = field(default_factory=dict)  # whatever the user's settings say


@dataclass(frozen=True, slots=True)
class Service:
    """One service: the name of its folder and image, and the variable and default of its port."""

    name: str
    port_variable: str
    default_port: int
    ready_path: str = "/ready"
    loads: "Service | None" = None  # the gateway that this Locust loads
    calls: "tuple[Service, ...]" = ()  # the services whose addresses it is told
    runs: Program | None = field(default=None, compare=False)  # None: the package of its name
    load_options: tuple[str, ...] = field(default=(), compare=False)  # of a Locust

    @property
    def url_variable(self) -> str:
        """The setting of other services that holds this service's address."""
        return f"{self.name.upper().replace('-', '_')}_URL"

    @property
    def program(self) -> Program:
        """What runs as this service."""
        return self.runs or Program(self.name.replace("-", "_"), self.port_variable)


PRODUCT = Service("product-service", "PRODUCT_SERVICE_PORT", 8081)
RECOMMENDATIONS = Service("recommendations-service", "RECOMMENDATIONS_SERVICE_PORT", 8082)
GATEWAY_V1 = Service("api-gateway-v1", "API_GATEWAY_V1_PORT", 8080, calls=(PRODUCT, RECOMMENDATIONS))
GATEWAY_V2 = Service("api-gateway-v2", "API_GATEWAY_V2_PORT", 8090, calls=(PRODUCT, RECOMMENDATIONS))
LOAD_V1 = Service("load-v1", "LOAD_V1_PORT", 8091, ready_path="/stats/requests", loads=GATEWAY_V1)
LOAD_V2 = Service("load-v2", "LOAD_V2_PORT", 8092, ready_path="/stats/requests", loads=GATEWAY_V2)
CONTROL_ROOM = Service(
    "control-room",
    "CONTROL_ROOM_PORT",
    8000,
    calls=(PRODUCT, RECOMMENDATIONS, GATEWAY_V1, GATEWAY_V2, LOAD_V1, LOAD_V2),
)
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


def settings_given(environment: Mapping[str, str] = os.environ, env_file: Path = ENV_FILE) -> dict[str, str]:
    """Return the environment and, beneath it, what .env says, as Compose reads both.

    Raises:
        UsageError: .env is not UTF-8, or has a line that is no setting.
    """
    text = _text_of(env_file)
    if bad := [statement.original.line for statement in parse_stream(StringIO(text)) if statement.error]:
        raise UsageError(f"{env_file}, line {bad[0]}: not a setting; it should look like NAME=value")
    in_file = dotenv_values(stream=StringIO(text))
    return {name: value for name, value in in_file.items() if value is not None} | dict(environment)


def _text_of(env_file: Path) -> str:
    """Return the text of .env, with or without the mark that Windows puts at its start; empty if there is none."""
    try:
        text = env_file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise UsageError(f"{env_file} is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    if "\0" in text:
        raise UsageError(f"{env_file} is not a text file: it has a NUL character")
    return text


def ports(services: Iterable[Service], settings: Mapping[str, str] | None = None) -> dict[Service, int]:
    """Return the ports of these services; the settings are `settings_given()` unless others are passed in.

    Raises:
        UsageError: a port is not valid, or two services have the same port.
    """
    settings = settings_given() if settings is None else settings
    chosen = {service: port_in(settings, service) for service in services}
    for one, other in combinations(chosen, 2):
        if chosen[one] == chosen[other]:
            raise UsageError(f"{one.port_variable} and {other.port_variable} are both {chosen[one]}")
    return chosen


def urls(services: Iterable[Service], settings: Mapping[str, str] | None = None) -> dict[Service, str]:
    """Return the addresses of these services on this machine. Use settings and raise as `ports` does."""
    return {service: f"http://{HOST}:{port}" for service, port in ports(services, settings).items()}


def addresses_for(started: Iterable[Service], settings: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that tell the services that are started here where the services are that they call.

    A service that is not started here is at the URL that the user gives, or else on this machine.

    Raises:
        UsageError: a port is not valid, or two services have the same port.
    """
    here = dict.fromkeys(started)
    called = {called: None for service in here for called in service.calls if not settings.get(called.url_variable)}
    return {service.url_variable: url for service, url in urls(here | called, settings).items()}


def port_in(settings: Mapping[str, str], service: Service) -> int:
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
