"""How fast v2 reacts under load: from the fault to OPEN, and from OPEN to CLOSED once the dependency is healthy."""

import time
from pathlib import Path

import requests
from rich.console import Console

from benchmarks.processes import BenchServer, assign_ports, running
from benchmarks.results import ReactionRound
from benchmarks.traffic import traffic
from experiment.errors import EnvironmentProblem
from experiment.plan import Closed
from experiment.services import RECOMMENDATIONS
from experiment.waiting import wait_until
from shopkit.direct import direct_session

SLOW_CALL_S = 0.5
COOLDOWN_S = 2.0
USERS = 100
LOOK_EVERY_S = 0.002
GIVES_UP_AFTER_S = 20.0
LOAD_STARTS_WITHIN_S = 5.0
ANSWERS_WITHIN_S = 5


def reactions(rounds: int, logs: Path, console: Console) -> list[ReactionRound]:
    """Break and heal the dependency of a gateway under load, several times.

    Raises:
        EnvironmentProblem: a process does not start, or the circuit does not move.
    """
    product = BenchServer("product-service", "product_service", "PRODUCT_SERVICE_PORT")
    sick = BenchServer("recommendations-service", "recommendations_service", "RECOMMENDATIONS_SERVICE_PORT")
    rules = {"BREAKER_SLOW_CALL_S": str(SLOW_CALL_S), "BREAKER_RESET_TIMEOUT_S": str(COOLDOWN_S)}
    gateway = BenchServer("api-gateway-v2", "api_gateway_v2", "API_GATEWAY_V2_PORT", rules)
    assign_ports([product, sick, gateway])
    gateway.settings = {**rules, "PRODUCT_SERVICE_URL": product.url, "RECOMMENDATIONS_SERVICE_URL": sick.url}
    longest_s = LOAD_STARTS_WITHIN_S + rounds * (SLOW_CALL_S + COOLDOWN_S) * 3
    with running([product, sick, gateway], logs), traffic(gateway.url, Closed(USERS), longest_s, logs):
        _wait_for_traffic(gateway)
        return [_react(gateway, sick, number, console) for number in range(rounds)]


def _react(gateway: BenchServer, sick: BenchServer, number: int, console: Console) -> ReactionRound:
    console.print(f"reaction, round {number + 1}")
    with direct_session() as session:
        wait_for_state("CLOSED", session, gateway)
        broken_at = time.monotonic()
        session.put(f"{sick.url}/faults", json={"kind": "hang"}, timeout=ANSWERS_WITHIN_S).raise_for_status()
        opened_at = wait_for_state("OPEN", session, gateway)
        session.delete(f"{sick.url}/faults", timeout=ANSWERS_WITHIN_S).raise_for_status()
        closed_at = wait_for_state("CLOSED", session, gateway)
    return ReactionRound(
        slow_call_s=SLOW_CALL_S,
        cooldown_s=COOLDOWN_S,
        fault_to_open_s=round(opened_at - broken_at, 3),
        open_to_closed_s=round(closed_at - opened_at, 3),
    )


def wait_for_state(
    state: str, session: requests.Session, gateway: BenchServer, dependency: str = RECOMMENDATIONS.name
) -> float:
    """Return when /circuit-status first shows the state of that dependency's circuit, on the monotonic clock.

    Raises:
        EnvironmentProblem: the circuit does not get there.
    """

    def shows_state() -> bool:
        status = session.get(f"{gateway.url}/circuit-status", timeout=ANSWERS_WITHIN_S).json()
        return any(c["name"] == dependency and c["state"] == state for c in status["circuits"])

    if not wait_until(shows_state, within_s=GIVES_UP_AFTER_S, every_s=LOOK_EVERY_S):
        raise EnvironmentProblem(f"the circuit of {dependency} is not {state} after {GIVES_UP_AFTER_S:g} s")
    return time.monotonic()


def _wait_for_traffic(gateway: BenchServer) -> None:
    def is_there() -> bool:
        calls = direct_session().get(f"{gateway.url}/circuit-status", timeout=ANSWERS_WITHIN_S).json()["calls"]
        return bool(calls["successful"] > USERS)

    if not wait_until(is_there, within_s=LOAD_STARTS_WITHIN_S):
        raise EnvironmentProblem("the load did not start")
