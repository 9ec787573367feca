"""Settings of recommendations-service."""

from pydantic import Field

from shopkit.settings import Port, ShopSettings


class Settings(ShopSettings):
    """Defaults and units of every setting; docs/settings.md lists them."""

    port: Port = Field(8082, validation_alias="RECOMMENDATIONS_SERVICE_PORT")
    # requests at the same time; twice what both gateways' threads can send, so that this pool is never what limits
    threads: int = Field(256, ge=1, le=4096, validation_alias="RECOMMENDATIONS_SERVICE_THREADS")
    simulate_failure: bool = False  # start with the hang already in place
