"""The gateways under test by name. Standard library only: the command asks for their packages before it has them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class GatewayUnderTest:
    """One gateway: how it is started, and how the recommendations service knows it."""

    name: str
    adds: str  # what it has that the one before it has not
    module: str
    port_variable: str
    caller: str  # recommendations-service counts its calls by this name
    settings: Mapping[str, str] = field(default_factory=dict)
    has_envoy: bool = False  # between it and recommendations-service


def _v1(name: str, adds: str) -> GatewayUnderTest:
    return GatewayUnderTest(name, adds, "api_gateway_v1", "API_GATEWAY_V1_PORT", caller="api-gateway-v1")


def guard_with(name: str, adds: str, **settings: str) -> GatewayUnderTest:
    """Return v2 with settings of its own."""
    return GatewayUnderTest(name, adds, "api_gateway_v2", "API_GATEWAY_V2_PORT", "api-gateway-v2", settings)


def small_with(name: str, protection: str, adds: str, **settings: str) -> GatewayUnderTest:
    """Return a gateway whose protection has this name in protections.py, with settings of its own."""
    module, all_settings = "benchmarks.under_test.gateway", {"UNDER_TEST_NAME": protection, **settings}
    return GatewayUnderTest(name, adds, module, "UNDER_TEST_PORT", f"under-test-{protection}", all_settings)


def _small(name: str, adds: str) -> GatewayUnderTest:
    return small_with(name, name, adds)


def _behind_envoy(name: str, adds: str) -> GatewayUnderTest:
    return GatewayUnderTest(
        name, adds, "api_gateway_v1", "API_GATEWAY_V1_PORT", caller=f"under-test-{name}", has_envoy=True
    )


NONE = _v1("none", "v1 itself: it waits up to 30 s")
TEXTBOOK = _small("textbook-breaker", "instead, pybreaker's `call()`, which holds its lock while the call runs")
GUARD = guard_with("guard", "v2 itself: calls in flight count, probes in the background, no lock across a call")
MESH = _behind_envoy("mesh", "v1 unchanged, with Envoy between it and recommendations")
RUNGS = (
    NONE,
    _small("timeout", "a deadline of 2 s for each call; then the page fails, as in v1"),
    _small("fallback", "a page without recommendations instead of a failed one"),
    _small("naive-retry", "up to 3 attempts, one right after the other, each with the deadline"),
    _small("budgeted-retry", "pauses between attempts that grow and vary, and retries for 10 % of the requests only"),
    _small("bulkhead", "instead of retries, a limit of 10 calls in flight"),
    TEXTBOOK,
    GUARD,
    MESH,
)
# Beside the rungs, what `bench` compares with the guard.
GUARD_FIXED = guard_with(
    "guard-fixed-bulkhead", "the guard with a limit of 10 calls in flight, overdue or not", BULKHEAD_COUNTS="all"
)
PEERS = (
    _small("pybreaker-calling", "pybreaker's `with breaker.calling()`, which holds no lock across the call"),
    _small("interlock", "interlock-cb's breaker"),
    _small("interlock-bulkhead", "interlock-cb's pipeline of a breaker and a bulkhead of 10"),
)
SHARED = _small(
    "interlock-redis", "interlock-cb's breaker, whose one state all replicas share in Redis"
)  # `bench --fleet`
BENCH = (NONE, TEXTBOOK, *PEERS, GUARD, GUARD_FIXED)


def lock_for(gateways: Iterable[GatewayUnderTest]) -> str:
    """Return the lock that has the packages for these gateways: Envoy is installed only for one that needs it."""
    return "mesh" if any(gateway.has_envoy for gateway in gateways) else "bench"
