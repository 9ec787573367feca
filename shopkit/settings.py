"""Settings come from the environment, are checked once at start, and never change."""

import ipaddress
import os
import re
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Annotated, ClassVar, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shopkit.validation import problems

Settings = TypeVar("Settings", bound=BaseSettings)

MAX_PORT = 65535
Port = Annotated[int, Field(ge=1, le=MAX_PORT)]


_ADDRESS = re.compile(r"(http://(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?)/?")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def _http_address(url: str) -> str:
    match = _ADDRESS.fullmatch(url)
    if not match or not 1 <= int(match[2] or 80) <= MAX_PORT:
        raise ValueError("should look like http://host:port")
    return match[1]


def _host(text: str) -> str:
    host = text.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if not _NAME.fullmatch(host):
            raise ValueError("should be an address or a name of this machine, without a port") from None
    return host


Host = Annotated[str, AfterValidator(_host)]
HttpAddress = Annotated[str, AfterValidator(_http_address)]


class ServiceSettings(BaseSettings):
    """What every service can be told."""

    # an empty variable counts as unset, as it does for Compose
    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    own_prefixes: ClassVar[tuple[str, ...]] = ()  # of variables that can only be meant for this service

    listen_host: Host = "127.0.0.1"  # the address to listen on; containers set 0.0.0.0
    port: Port  # each service names its own variable and default
    threads: int  # requests served at the same time
    stop_s: int = Field(3, ge=2, le=600)  # for running requests when the service stops; its worker takes one less
    otel_exporter_otlp_endpoint: HttpAddress | None = None  # the collector of traces, by OTLP/HTTP; None: no traces

    @property
    def published_names(self) -> frozenset[str]:
        """Return by what names the service may be called, beside its own and those of this machine."""
        return frozenset()

    @property
    def all_threads(self) -> int:
        """Return how many threads the service needs for everything that it does with requests."""
        return self.threads


class ShopSettings(ServiceSettings):
    """What every service of the shop can be told; the control room has its own name for it."""

    allowed_hosts: str = ""  # names, with commas, that it may be called by, beside its own and this machine's

    @property
    def published_names(self) -> frozenset[str]:
        """The names of ALLOWED_HOSTS."""
        return names_in(self.allowed_hosts)


def names_in(text: str) -> frozenset[str]:
    """Return the names between the commas, as a Host header is compared with them."""
    return frozenset(name.strip().lower() for name in text.split(",")) - {""}


def load(settings_class: type[Settings]) -> Settings:
    """Read the settings from the environment.

    Raises:
        SystemExit: with status 2, after one line on stderr for each value that is not allowed, and for each variable
            that can only be meant for this service, but is none of its settings. An empty one counts as unset.
    """
    complaints = list(_unknown(settings_class))
    try:
        settings = settings_class()
    except ValidationError as error:
        complaints += _complaints(settings_class, error)
    if complaints:
        for line in complaints:
            print(f"bad setting: {line}", file=sys.stderr)
        raise SystemExit(2)
    return settings


def _unknown(settings_class: type[BaseSettings]) -> Iterator[str]:
    """Name each variable with a prefix of the service's own that is no setting, and the setting most like it."""
    known = {name.upper() for name in settings_class.model_fields}
    for name, value in sorted(os.environ.items()):
        if value and name.startswith(getattr(settings_class, "own_prefixes", ())) and name not in known:
            alike = get_close_matches(name, known, n=1)
            yield f"{name}: there is no such setting" + (f"; did you mean {alike[0]}?" if alike else "")


def _complaints(settings_class: type[BaseSettings], error: ValidationError) -> list[str]:
    """Say name, value and what is allowed, one line for each bad value; a secret's value is not shown."""
    secret = {
        name.upper() for name, field in settings_class.model_fields.items() if SecretStr in _types_of(field.annotation)
    }
    lines = []
    for problem in problems(error):
        name = problem.field.upper()
        value = "(secret)" if name in secret else repr(problem.value)
        lines.append(f"{name}={value}: {problem.message}" if name else problem.message)
    return lines


def _types_of(annotation: object) -> tuple[object, ...]:
    return (annotation, *getattr(annotation, "__args__", ()))
