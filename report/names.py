"""What people call the phases and the gateways."""

from collections.abc import Iterable

from experiment.phases import Phase
from experiment.results.model import InjectedFault

IN_PHASE = {Phase.HEALTHY: "while healthy", Phase.FAULT: "in the fault", Phase.RECOVERY: "in recovery"}

SUBJECT = {"recommendations-service": "recommendations", "product-service": "products"}
HAPPENED = {
    "hang": "hung",
    "slow": "were slow",
    "long-tail": "had a long tail",
    "drip": "dripped their answers byte by byte",
    "error": "answered with errors",
    "malformed": "answered with garbage",
    "redirect": "redirected in a circle",
    "refuse": "refused connections",
    "reset": "reset connections",
    "cut": "cut their answers short",
    "flapping": "flapped",
    "every-nth": "failed every few calls",
    "capacity": "had too little capacity",
    "stop": "were suspended",
    "kill": "were dead",
}


def what_happened(faults: Iterable[InjectedFault]) -> str:
    """Return the faults of a run in the past tense, as in `recommendations hung`."""
    return " and ".join(f"{SUBJECT[fault.service]} {HAPPENED[fault.kind]}" for fault in faults)


def short_name(gateway: str) -> str:
    """Return `v1` of `api-gateway-v1`."""
    return gateway.removeprefix("api-gateway-")
