"""What api-gateway-v2 can be told, beside what both gateways share: the protection."""

from pydantic import Field

from shopkit.settings import GatewaySettings, Port


class Settings(GatewaySettings):
    """Defaults and units of every setting; docs/settings.md lists them."""

    port: Port = Field(8090, validation_alias="API_GATEWAY_V2_PORT")
    recommendations_deadline_s: float = Field(2.0, gt=0, le=60)  # seconds, in total, for one call to recommendations
    breaker_fail_max: int = Field(3, ge=1, le=1000)  # consecutive failures, or slow calls in flight, that trip
    breaker_reset_timeout_s: float = Field(10.0, gt=0, le=3600)  # the cooldown: seconds that the circuit stays OPEN
    breaker_slow_call_s: float = Field(0.5, gt=0, le=60)  # seconds after which a call in flight counts as slow
    bulkhead_max_concurrent: int = Field(10, ge=1, le=1024)  # calls to recommendations in flight at the same time
