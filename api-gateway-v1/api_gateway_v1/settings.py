"""Settings of api-gateway-v1, beside those that both gateways share."""

from typing import ClassVar

from pydantic import Field

from shopkit.settings import Port
from storefront.settings import GatewaySettings


class Settings(GatewaySettings):
    """Defaults and units of every setting; docs/settings.md lists them."""

    caller: ClassVar[str] = "api-gateway-v1"
    port: Port = Field(8080, validation_alias="API_GATEWAY_V1_PORT")
    upstream_timeout_s: float = Field(30.0, gt=0, le=300)  # seconds that a call to recommendations may take
