"""Several replicas of v2, and the balancer before them: it has v2's address, and so is v2 to whoever asks for pages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from experiment.services import GATEWAY_V2, SERVICES, Program, Service, ports

FIRST_PORT = 8101
BALANCER = "demo.balancer"
BALANCED = "BALANCED_PORTS"  # the setting of the balancer that holds the ports of the replicas


def replicas_of_v2(count: int) -> tuple[Service, ...]:
    """Return so many replicas, each with a port of its own."""
    return tuple(_replica(number) for number in range(1, count + 1))


def shop_with(replicas: Sequence[Service], settings: Mapping[str, str] | None = None) -> tuple[Service, ...]:
    """Return the services of the shop, with a balancer before these replicas in the place of v2; none: v2 itself.

    Raises:
        UsageError: a port is not valid, or two services have the same port.
    """
    if not replicas:
        return SERVICES
    others = tuple(service for service in SERVICES if service != GATEWAY_V2)
    balanced = ",".join(str(port) for port in ports(replicas, settings).values())
    balancer = replace(GATEWAY_V2, runs=Program(BALANCER, GATEWAY_V2.port_variable, {BALANCED: balanced}))
    return (*others, *replicas, balancer)


def _replica(number: int) -> Service:
    return replace(
        GATEWAY_V2,
        name=f"{GATEWAY_V2.name}-{number}",
        port_variable=f"API_GATEWAY_V2_{number}_PORT",
        default_port=FIRST_PORT + number - 1,
        runs=GATEWAY_V2.program,
    )
