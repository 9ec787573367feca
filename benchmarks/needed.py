"""v2 while the product service hangs: it has no fallback for that, but its threads must stay free."""

import time
from pathlib import Path

from rich.console import Console

from benchmarks.processes import BenchServer, assign_ports, running
from benchmarks.reaction import ANSWERS_WITHIN_S, wait_for_state
from benchmarks.results import NeededHangs
from benchmarks.traffic import traffic
from experiment.errors import EnvironmentProblem
from experiment.plan import Closed
from experiment.services import PRODUCT
from shopkit.direct import direct_session
from shopkit.poller import Poller

USERS = 100
HANG_S = 5.0  # longer than the gateway waits
HANG = {"kind": "slow", "delay_s": HANG_S}
WELL_S = 2.0  # before the fault
FAULT_S = 6.0
ASK_EVERY_S = 0.02


def needed_hangs(logs: Path, console: Console) -> NeededHangs:
    """Let the product service hang under load, and ask the gateway whether it lives.

    Raises:
        EnvironmentProblem: a process does not start, or the circuit does not open.
    """
    console.print("the product service hangs")
    product = BenchServer("product-service", "product_service", "PRODUCT_SERVICE_PORT")
    other = BenchServer("recommendations-service", "recommendations_service", "RECOMMENDATIONS_SERVICE_PORT")
    gateway = BenchServer("api-gateway-v2", "api_gateway_v2", "API_GATEWAY_V2_PORT")
    assign_ports([product, other, gateway])
    gateway.settings = {"PRODUCT_SERVICE_URL": product.url, "RECOMMENDATIONS_SERVICE_URL": other.url}
    length_s, url = WELL_S + FAULT_S, f"{gateway.url}/health"
    with (
        running([product, other, gateway], logs),
        direct_session() as session,
        direct_session() as session_for_health,
        traffic(gateway.url, Closed(USERS), length_s, logs) as load,
    ):
        time.sleep(WELL_S)
        session.put(f"{product.url}/faults", json=HANG, timeout=ANSWERS_WITHIN_S).raise_for_status()
        broken_at = time.monotonic()
        health = Poller(lambda: session_for_health.get(url, timeout=ANSWERS_WITHIN_S).ok, every_s=ASK_EVERY_S)
        health.start()
        opened_at = wait_for_state("OPEN", session, gateway, PRODUCT.name)
        opened_s = load.clock.now_s()
        load.wait_for_end(patience_s=HANG_S)
        health.stop()
        result = load.result(warm_up_s=opened_s)
    return NeededHangs(
        users=USERS,
        fault_to_open_s=round(opened_at - broken_at, 3),
        load=result,
        health_slowest_ms=round(_slowest_ms(health), 1),
    )


def _slowest_ms(health: Poller[bool]) -> float:
    """Return how long the slowest look took.

    Raises:
        EnvironmentProblem: a look failed.
    """
    looks = [(sample.answered_at - sample.asked_at, sample.seen) for sample in health.samples if sample.answered_at]
    if not all(is_well for _, is_well in looks):
        raise EnvironmentProblem("the gateway did not answer on /health while the product service hung")
    return 1000 * max(took_s for took_s, _ in looks)
