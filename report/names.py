"""What people call the phases and the gateways."""

from experiment.phases import Phase

IN_PHASE = {Phase.HEALTHY: "while healthy", Phase.FAULT: "in the fault", Phase.RECOVERY: "in recovery"}


def short_name(gateway: str) -> str:
    """Return `v1` of `api-gateway-v1`."""
    return gateway.removeprefix("api-gateway-")
