"""Trials on real servers, side by side: each with a gateway, a dependency and a load of its own."""

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.processes import BenchServer, Server, assign_ports, running
from experiment.phases import Phase
from experiment.plan import Open, Plan
from experiment.run.generator import Generator
from experiment.signals import held_back
from explore.traffic import Fault, Latency
from explore.twin.story import Episode, Story
from explore.verify.trial import WELL_S, Run, Seen, Trial
from load.outcomes import Outcome
from shopkit.direct import direct_session

HANG_S = 30  # of a call: longer than any deadline
ANSWERS_WITHIN_S = 5
LAST_ANSWERS_S = 3.0
PAGES = "product-details"
SHARES = (0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)


@dataclass(frozen=True, slots=True)
class Lane:
    """The servers of one trial."""

    trial: Trial
    gateway: BenchServer
    dependency: BenchServer

    def put(self, fault: dict[str, object] | None) -> float:
        """Make the dependency sick, or well again; return when, in seconds since the epoch.

        That is between question and answer.
        """
        url, asked_s = f"{self.dependency.url}/faults", time.time()
        with direct_session() as session:
            answer = (
                session.put(url, json=fault, timeout=ANSWERS_WITHIN_S)
                if fault
                else session.delete(url, timeout=ANSWERS_WITHIN_S)
            )
        answer.raise_for_status()
        return (asked_s + time.time()) / 2

    def transitions(self) -> list[dict[str, Any]]:
        """Return the changes of the circuit."""
        with direct_session() as session:
            status = session.get(f"{self.gateway.url}/circuit-status", timeout=ANSWERS_WITHIN_S).json()
        found: list[dict[str, Any]] = status["transitions"]
        return found


def seen_on_servers(trials: Sequence[Trial], logs: Path) -> list[Run]:
    """Run the trials at the same time, and return what each came to.

    Raises:
        EnvironmentProblem: a process does not start or ends.
    """
    product = BenchServer("product-service", "product_service", "PRODUCT_SERVICE_PORT")
    lanes = [_lane(number, trial) for number, trial in enumerate(trials)]
    servers: list[Server] = [product, *(server for lane in lanes for server in (lane.dependency, lane.gateway))]
    assign_ports(servers)
    for lane in lanes:
        lane.gateway.settings = {
            **lane.gateway.settings,
            "PRODUCT_SERVICE_URL": product.url,
            "RECOMMENDATIONS_SERVICE_URL": lane.dependency.url,
        }
    with running(servers, logs), ExitStack() as ends:
        loads = [_load(lane, logs, number, ends) for number, lane in enumerate(lanes)]
        with ThreadPoolExecutor(len(lanes)) as threads:
            return list(threads.map(_follow, lanes, loads))


def _lane(number: int, trial: Trial) -> Lane:
    settings = trial.point.environment
    gateway = BenchServer(f"gateway {number}", "api_gateway_v2", "API_GATEWAY_V2_PORT", settings)
    model = {
        "UNDER_TEST_QUANTILES": json.dumps(_quantiles(trial.traffic.latency)),
        "UNDER_TEST_ERROR_SHARE": str(trial.traffic.error_share),
        "UNDER_TEST_SEED": str(trial.seed),
    }
    return Lane(
        trial, gateway, BenchServer(f"dependency {number}", "explore.verify.dependency", "UNDER_TEST_PORT", model)
    )


def _quantiles(latency: Latency) -> dict[str, float]:
    return {str(share): latency.quantile_s(share) for share in SHARES}


def _load(lane: Lane, logs: Path, number: int, ends: ExitStack) -> Generator:
    trial = lane.trial
    plan = Plan({Phase.HEALTHY: trial.story.lasts_s}, Open(trial.traffic.rate_per_s), trial.seed, only=PAGES)
    with held_back():
        load = Generator(lane.gateway.url, plan, request_log=logs / f"verify-{number}.log")
        ends.callback(load.stop)
    load.wait_until_ready()
    return load


def _follow(lane: Lane, load: Generator) -> Run:
    """Let the story happen to one trial."""
    trial, offset_s = lane.trial, time.time() - time.monotonic()
    used_s = lane.gateway.cpu_s()
    begins_s = load.begin() + offset_s
    _sleep_until(begins_s + WELL_S)
    sick_s = lane.put(_spec(trial.traffic.fault))
    _sleep_until(sick_s + trial.sick_s)
    heals_s = lane.put(None)
    _sleep_until(heals_s + trial.after_s)
    transitions = lane.transitions()
    time.sleep(LAST_ANSWERS_S)
    load.log.read_more()
    requests = load.log.requests.values()
    arrivals_s = sorted(one.started_at + offset_s - begins_s for one in requests if one.started_at is not None)
    sick = Episode(sick_s - begins_s, heals_s - begins_s, trial.traffic.fault)
    story = Story(heals_s - begins_s + trial.after_s, [sick])
    seen = _seen(transitions, [one.outcome for one in requests], sick_s, heals_s)
    return Run(seen, arrivals_s, story, lane.gateway.cpu_s() - used_s)


def _seen(transitions: Sequence[dict[str, Any]], outcomes: Sequence[Outcome], sick_s: float, heals_s: float) -> Seen:
    changes = [(datetime.fromisoformat(one["at"]).timestamp(), one["from"], one["to"]) for one in transitions]
    trips = [at_s for at_s, before, _ in changes if before == "CLOSED"]
    opened = [at_s for at_s in trips if sick_s <= at_s < heals_s]
    before_heal = [to for at_s, _, to in changes if at_s < heals_s]
    closed = [at_s for at_s, _, to in changes if to == "CLOSED" and at_s >= heals_s]
    is_closed = not before_heal or before_heal[-1] == "CLOSED"
    return Seen(
        open_s=opened[0] - sick_s if opened else None,
        closed_s=None if is_closed or not closed else closed[0] - heals_s,
        degraded_share=sum(outcome is not Outcome.FULL for outcome in outcomes) / max(1, len(outcomes)),
        false_trips=sum(at_s < sick_s for at_s in trips),
    )


def _spec(fault: Fault) -> dict[str, object]:
    """Return the fault for PUT /faults: it is one of the shop's."""
    if fault.hang_share:
        return {"kind": "hang", "delay_s": HANG_S, "rate": fault.hang_share}
    if fault.error_share:
        return {"kind": "error", "rate": fault.error_share}
    return {"kind": "slow", "delay_s": fault.delay_s}


def _sleep_until(at_s: float) -> None:
    time.sleep(max(0.0, at_s - time.time()))
