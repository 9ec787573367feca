"""The services of the storm in the control room: v1 is the unprotected rung, v2 the guard, each with its dependency."""

from collections.abc import Mapping
from dataclasses import replace

from benchmarks.under_test.registry import GatewayUnderTest
from experiment.services import (
    CONTROL_ROOM,
    GATEWAY_V1,
    GATEWAY_V2,
    LOAD_V1,
    LOAD_V2,
    PRODUCT,
    RECOMMENDATIONS,
    Program,
    Service,
    urls,
)
from storm.ladder import BREAKER, UNPROTECTED, StormRung, gateway_threads

RECOMMENDATIONS_V2 = Service("recommendations-service-v2", "RECOMMENDATIONS_SERVICE_V2_PORT", 8083)
# 100 users who pause 7 s on average ask for 14 pages a second, as in the other storms, while pages come at once.
LOAD_OPTIONS = ("--only", "product-details", "--pause", "4", "10")


def live_services(settings: Mapping[str, str]) -> tuple[Service, ...]:
    """Return the services, those first that others call.

    Raises:
        UsageError: a port is not valid.
    """
    url = urls([RECOMMENDATIONS_V2], settings)[RECOMMENDATIONS_V2]
    its_own = {RECOMMENDATIONS.url_variable: url}
    return (
        PRODUCT,
        replace(RECOMMENDATIONS, runs=_dependency(UNPROTECTED)),
        replace(RECOMMENDATIONS_V2, runs=_dependency(BREAKER)),
        replace(GATEWAY_V1, runs=_gateway(UNPROTECTED.gateway)),
        replace(GATEWAY_V2, runs=_gateway(BREAKER.gateway, **its_own)),
        *(replace(load, load_options=LOAD_OPTIONS) for load in (LOAD_V1, LOAD_V2)),
        replace(CONTROL_ROOM, runs=_control_room(url)),
    )


def _dependency(rung: StormRung) -> Program:
    threads = {"RECOMMENDATIONS_SERVICE_THREADS": str(rung.threads(scale=1))}
    return replace(RECOMMENDATIONS.program, settings=threads)


def _gateway(gateway: GatewayUnderTest, **its_own: str) -> Program:
    threads = {"GATEWAY_THREADS": str(gateway_threads(scale=1))}
    return Program(gateway.module, gateway.port_variable, {**gateway.settings, **threads, **its_own})


def _control_room(url: str) -> Program:
    return replace(CONTROL_ROOM.program, settings={RECOMMENDATIONS_V2.url_variable: url})
