"""v2 while the product service hangs: it has no fallback for that, but its threads must stay free."""

import threading
import time
from pathlib import Path

from rich.console import Console

from benchmarks.processes import BenchServer, assign_ports, running
from benchmarks.results import NeededHangs
from benchmarks.traffic import traffic
from experiment.errors import EnvironmentProblem
from experiment.plan import Closed
from experiment.waiting import wait_until
from shopkit.direct import direct_session

USERS = 100
HANG_S = 5.0  # longer than the gateway waits
WELL_S = 2.0  # before the fault
FAULT_S = 6.0
LOOK_EVERY_S = 0.002
ASK_EVERY_S = 0.02
ANSWERS_WITHIN_S = 5


def needed_hangs(logs: Path, console: Console) -> NeededHangs:
    """Let the product service hang under load, and ask the gateway whether it lives.

    Raises:
        EnvironmentProblem: a process does not start, or the circuit does not open.
    """
    console.print("the product service hangs")
    product = BenchServer("product-service", "benchmarks.product_stub", "PRODUCT_SERVICE_PORT")
    other = BenchServer("recommendations-service", "recommendations_service", "RECOMMENDATIONS_SERVICE_PORT")
    gateway = BenchServer("api-gateway-v2", "api_gateway_v2", "API_GATEWAY_V2_PORT")
    assign_ports([product, other, gateway])
    gateway.settings = {"PRODUCT_SERVICE_URL": product.url, "RECOMMENDATIONS_SERVICE_URL": other.url}
    length_s = WELL_S + FAULT_S
    with (
        running([product, other, gateway], logs),
        direct_session() as session,
        traffic(gateway.url, Closed(USERS), length_s, logs) as load,
    ):
        time.sleep(WELL_S)
        session.put(f"{product.url}/delay", json={"delay_s": HANG_S}, timeout=ANSWERS_WITHIN_S).raise_for_status()
        broken_s = load.clock.now_s()
        health = _HealthChecks(f"{gateway.url}/health")

        def is_open() -> bool:
            status = session.get(f"{gateway.url}/circuit-status", timeout=ANSWERS_WITHIN_S).json()
            return bool(status["circuits"][1]["state"] == "OPEN")

        if not wait_until(is_open, within_s=FAULT_S, every_s=LOOK_EVERY_S):
            raise EnvironmentProblem(f"the circuit of the product service is not OPEN after {FAULT_S:g} s")
        opened_s = load.clock.now_s()
        load.wait_for_end(patience_s=HANG_S)
        slowest_ms = health.slowest_ms()
        result = load.result(warm_up_s=opened_s)
    return NeededHangs(
        users=USERS,
        fault_to_open_s=round(opened_s - broken_s, 3),
        load=result,
        health_slowest_ms=round(slowest_ms, 1),
    )


class _HealthChecks:
    """Asks for /health again and again, on a thread of its own, as an orchestrator does."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._slowest_s = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def slowest_ms(self) -> float:
        """Stop, and return how long the slowest answer took."""
        self._stop.set()
        self._thread.join()
        return self._slowest_s * 1000

    def _run(self) -> None:
        with direct_session() as session:
            while not self._stop.wait(ASK_EVERY_S):
                began_s = time.monotonic()
                session.get(self._url, timeout=ANSWERS_WITHIN_S).raise_for_status()
                self._slowest_s = max(self._slowest_s, time.monotonic() - began_s)
