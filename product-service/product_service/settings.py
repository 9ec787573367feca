"""Settings of product-service."""

from pydantic import Field

from shopkit.settings import Port, ShopSettings


class Settings(ShopSettings):
    """Defaults and units of every setting; docs/settings.md lists them."""

    port: Port = Field(8081, validation_alias="PRODUCT_SERVICE_PORT")
    threads: int = Field(64, ge=1, le=1024, validation_alias="PRODUCT_SERVICE_THREADS")  # requests at the same time
