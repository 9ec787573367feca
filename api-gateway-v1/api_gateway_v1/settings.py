"""Settings of api-gateway-v1, beside those that both gateways share."""

from typing import ClassVar

from pydantic import Field

from shopkit.settings import Port
from storefront.settings import GatewaySettings


class Settings(GatewaySettings):
    """Defaults and units of every setting; docs/settings.md lists them."""

    caller: ClassVar[str] = "api-gateway-v1"
    port: Port = Field(8080, validation_alias="API_GATEWAY_V1_PORT")
    # seconds, in total, for one call to recommendations
    recommendations_deadline_s: float = Field(30.0, gt=0, le=300, validation_alias="UPSTREAM_TIMEOUT_S")

    @property
    def recommendations_connections(self) -> int:
        """Return how many connections to recommendations to keep open: one for each thread."""
        return self.threads
