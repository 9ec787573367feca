"""What control-room can be told."""

import ipaddress
from typing import Self

from pydantic import Field, SecretStr, model_validator

from shopkit.settings import HttpAddress, Port, ServiceSettings, names_in


class Settings(ServiceSettings):
    """Defaults and units of every setting; docs/settings.md lists them."""

    port: Port = Field(8000, validation_alias="CONTROL_ROOM_PORT")
    # requests at the same time; each browser that listens holds one
    threads: int = Field(64, ge=32, le=1024, validation_alias="CONTROL_ROOM_THREADS")
    product_service_url: HttpAddress = "http://127.0.0.1:8081"
    recommendations_service_url: HttpAddress = "http://127.0.0.1:8082"
    recommendations_service_v2_url: HttpAddress | None = None  # that of v2, where each gateway has its own: the storm
    api_gateway_v1_url: HttpAddress = "http://127.0.0.1:8080"
    api_gateway_v2_url: HttpAddress = "http://127.0.0.1:8090"
    load_v1_url: HttpAddress = "http://127.0.0.1:8091"  # Locust's web API
    load_v2_url: HttpAddress = "http://127.0.0.1:8092"
    # the same as a user of this machine reaches them, for the curl lines; None: at the addresses above
    product_service_public_url: HttpAddress | None = None
    recommendations_service_public_url: HttpAddress | None = None
    api_gateway_v1_public_url: HttpAddress | None = None
    api_gateway_v2_public_url: HttpAddress | None = None
    load_v1_public_url: HttpAddress | None = None
    load_v2_public_url: HttpAddress | None = None
    operator_token: SecretStr = SecretStr("")  # that of api-gateway-v2; empty: its circuit can't be forced from here
    control_room_token: SecretStr = SecretStr("")  # what changes something must bring it; empty: nothing is asked
    control_room_hosts: str = ""  # names, with commas, that the page may be called by, beside this machine's own
    control_room_published_on_loopback: bool = False  # in a container whose port is published on 127.0.0.1 alone

    @model_validator(mode="after")
    def _is_safe_where_it_listens(self) -> Self:
        alone = _is_loopback(self.listen_host) or self.control_room_published_on_loopback
        if not alone and not self.control_room_token.get_secret_value():
            raise ValueError(
                f"LISTEN_HOST={self.listen_host!r} lets others in: set CONTROL_ROOM_TOKEN, "
                "or CONTROL_ROOM_PUBLISHED_ON_LOOPBACK=true where only this machine reaches the port"
            )
        return self

    @property
    def recommendations_urls(self) -> list[str]:
        """The one that both gateways call, or that of v1 and that of v2."""
        return [url for url in (self.recommendations_service_url, self.recommendations_service_v2_url) if url]

    @property
    def published_names(self) -> frozenset[str]:
        """The names of CONTROL_ROOM_HOSTS."""
        return names_in(self.control_room_hosts)

    @property
    def public_urls(self) -> dict[str, str]:
        """The addresses that a user of this machine would type."""
        of_v2 = self.recommendations_service_v2_url
        return {
            **({"recommendations-v2": of_v2} if of_v2 else {}),
            "product": self.product_service_public_url or self.product_service_url,
            "recommendations": self.recommendations_service_public_url or self.recommendations_service_url,
            "v1": self.api_gateway_v1_public_url or self.api_gateway_v1_url,
            "v2": self.api_gateway_v2_public_url or self.api_gateway_v2_url,
            "load-v1": self.load_v1_public_url or self.load_v1_url,
            "load-v2": self.load_v2_public_url or self.load_v2_url,
        }


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
