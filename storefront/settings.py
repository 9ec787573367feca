"""Settings that both gateways share."""

from typing import ClassVar

from pydantic import Field

from shopkit.settings import HttpAddress, ShopSettings


class GatewaySettings(ShopSettings):
    """Settings that both gateways share, because they differ only in their protection."""

    caller: ClassVar[str] = "api-gateway"  # the User-Agent of its calls
    threads: int = Field(64, ge=1, le=1024, validation_alias="GATEWAY_THREADS")  # requests served at the same time
    product_service_url: HttpAddress = "http://127.0.0.1:8081"
    recommendations_service_url: HttpAddress = "http://127.0.0.1:8082"
    product_deadline_s: float = Field(2.0, gt=0, le=60)  # seconds, in total, for one call to the product service
