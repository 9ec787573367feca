"""The settings of api-gateway-v2: those of both gateways, and those of its protection."""

import re
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from api_gateway_v2.breaker_settings import TripPolicy
from api_gateway_v2.fallbacks import FallbackKind
from shopkit.settings import MAX_PORT, Port
from storefront.settings import GatewaySettings


def _product_ids(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d{0,8}(,[1-9]\d{0,8})*", text):
        raise ValueError("should be ids of products with commas between them, like 1,2,3")
    return text


_REDIS = re.compile(
    r"rediss?://(?:[^@/\s?#]*@)?(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?(?:/[0-9]{1,4})?/?"
)


def _redis_address(url: SecretStr) -> SecretStr:
    match = _REDIS.fullmatch(url.get_secret_value())
    if url.get_secret_value() and not (match and 1 <= int(match[1] or 1) <= MAX_PORT):
        raise ValueError("should look like redis://host:port, or redis://:password@host:port/0")
    return url


class Settings(GatewaySettings):
    """Defaults and units of every setting; docs/settings.md lists them."""

    caller: ClassVar[str] = "api-gateway-v2"
    own_prefixes: ClassVar[tuple[str, ...]] = ("BREAKER_", "BULKHEAD_", "CIRCUIT_SHARE_")
    port: Port = Field(8090, validation_alias="API_GATEWAY_V2_PORT")
    recommendations_deadline_s: float = Field(2.0, gt=0, le=60)  # seconds, in total, for one call to recommendations
    recommendations_patience_s: float = Field(0.9, gt=0, le=60)  # seconds that a page waits for them, at most
    recommendations_fallback: FallbackKind = "empty"  # what a degraded answer has instead of recommendations
    recommendations_popular: Annotated[str, AfterValidator(_product_ids)] = "1,2,3,4"  # those of the fallback `popular`
    breaker_fail_max: int = Field(3, ge=1, le=1000)  # consecutive failures, or calls that wait, that trip
    breaker_trip_policy: TripPolicy = "consecutive-failures"
    breaker_failure_rate: float = Field(0.5, gt=0, le=1)  # both rates: the share of failed calls that trips
    breaker_slow_call_rate: float = Field(0.5, gt=0, le=1)  # slow-call-rate: the share of slow calls that trips
    breaker_window_calls: int = Field(20, ge=1, le=10_000)  # both rates: how many of the last calls they cover
    breaker_window_s: float = Field(0.0, ge=0, le=3600)  # both rates: seconds that they cover instead; 0: by count
    breaker_minimum_calls: int = Field(10, ge=1, le=10_000)  # both rates: calls that they need before they can trip
    breaker_reset_timeout_s: float = Field(10.0, gt=0, le=3600)  # the cooldown: seconds that the circuit stays OPEN
    breaker_reset_growth: float = Field(1.0, ge=1, le=10)  # the cooldown's factor after each failed probe; 1: none
    breaker_reset_timeout_max_s: float = Field(60.0, gt=0, le=3600)  # seconds beyond which the cooldown does not grow
    breaker_reset_jitter: float = Field(0.0, ge=0, le=1)  # share by which each cooldown is randomly longer or shorter
    breaker_probes_to_close: int = Field(1, ge=1, le=100)  # successful probes in a row that close the circuit
    breaker_ramp_s: float = Field(0.0, ge=0, le=3600)  # seconds after recovery in which calls grow to all; 0: at once
    breaker_slow_call_s: float = Field(0.5, gt=0, le=60)  # seconds after which a call counts as slow
    product_slow_call_s: float = Field(0.5, gt=0, le=60)  # the same for the product service
    product_reset_timeout_s: float = Field(0.25, gt=0, le=3600)  # its first cooldown: each refusal costs a page
    bulkhead_max_concurrent: int = Field(10, ge=1, le=1024)  # calls to recommendations that count, in flight
    bulkhead_counts: Literal["overdue", "all"] = "overdue"  # which calls in flight count
    circuit_share_url: Annotated[SecretStr, AfterValidator(_redis_address)] = SecretStr(
        ""
    )  # of the fleet's Redis; empty: none
    operator_token: SecretStr = SecretStr("")  # required by PUT /circuit-control; empty disables that endpoint

    @property
    def breaker(self) -> dict[str, Any]:
        """Return the settings of a circuit, by the names that `BreakerSettings.of_policy` takes."""
        prefix = "breaker_"
        return {name.removeprefix(prefix): value for name, value in self if name.startswith(prefix)}

    @property
    def popular_ids(self) -> list[int]:
        """Return the ids of the popular products."""
        return [int(product_id) for product_id in self.recommendations_popular.split(",")]

    @property
    def all_threads(self) -> int:
        """Return the threads that serve requests, make guarded calls, probe, and share with the fleet."""
        return self.threads + self.recommendations_connections + 2 + bool(self.circuit_share_url.get_secret_value())

    @property
    def recommendations_connections(self) -> int:
        """Return how many connections to recommendations to keep open: one for each call that can be in flight."""
        return self.threads if self.bulkhead_counts == "overdue" else self.bulkhead_max_concurrent

    @model_validator(mode="after")
    def _rate_can_be_reached(self) -> Self:
        if not self.breaker_window_s and self.breaker_minimum_calls > self.breaker_window_calls:
            raise ValueError("BREAKER_MINIMUM_CALLS is more than BREAKER_WINDOW_CALLS: no failure rate could ever trip")
        return self
