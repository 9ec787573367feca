"""What a run leaves behind, made up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from experiment.measure.assemble import assemble
from experiment.measure.rows import requests_of
from experiment.plan import PHASES_S, Closed, Open, Plan
from experiment.results.model import Report
from experiment.run.counts import Counts, Ledger
from experiment.run.generator import Generator
from experiment.run.runner import Recording
from experiment.run.timeline import Story
from experiment.run.wall_clocks import WallClocks
from experiment.run.watch import Watch
from experiment.services import GATEWAY_V2, GATEWAYS, RECOMMENDATIONS
from load.outcomes import Outcome, Route
from load.request_log import RequestLog
from load.requests_table import Request, Requests
from shopkit.poller import Sample
from support.readings import calls_metrics, circuit, gateway_metrics
from support.story import clock, story

ANSWERED = {Outcome.FULL: 200, Outcome.DEGRADED: 200, Outcome.FAILED: 500}


@dataclass
class Looks:
    """What a Poller has seen."""

    samples: list[Sample[Any]] = field(default_factory=list)
    latest: Any = None
    succeeded_at: float | None = None


@dataclass
class CircuitSeen:
    """What a CircuitWatch has seen."""

    last: Any = None
    transitions: list[Any] = field(default_factory=list)
    poller: Looks = field(default_factory=Looks)


def request(
    number: int, outcome: Outcome = Outcome.FULL, at: float = 1.0, took_s: float = 0.005, *, lag_s: float = 0.0
) -> Request:
    """Return a request as the log has it; each third one is for the catalogue."""
    route = Route.CATALOGUE if number % 3 == 0 else Route.PRODUCT_DETAILS
    if outcome is Outcome.UNSENT:
        return Request(number, route, at, None, outcome=outcome)
    if outcome is Outcome.UNANSWERED:
        return Request(number, route, at, at + lag_s)
    return Request(number, route, at, at + lag_s, at + lag_s + took_s, ANSWERED[outcome], outcome)


def recording(
    requests: Iterable[Request], told: Story | None = None, load: Closed | Open | None = None, *, complete: bool = True
) -> Recording:
    """Return a run with the same requests at both gateways."""
    table = Requests()
    for request in sorted(requests, key=lambda request: request.number):
        table.add(request)
    told = told or story()
    status = circuit()
    counts = Counts(
        {g: gateway_metrics() for g in GATEWAYS} | {RECOMMENDATIONS: calls_metrics("api-gateway-v1", 0)},
        {GATEWAY_V2: status},
    )
    watch = SimpleNamespace(
        circuits={GATEWAY_V2: CircuitSeen(status, poller=Looks(latest=status))},
        gateways={gateway: Looks([Sample(0.5, 0.51, 1)]) for gateway in GATEWAYS},
        recommendations=Looks(),
    )
    busy = SimpleNamespace(cpu=SimpleNamespace(share_max=0.2))
    return Recording(
        plan=Plan(PHASES_S, load or Closed(100), 1),
        engine="local",
        logs={gateway: RequestLog(Path("unread"), requests=table) for gateway in GATEWAYS},
        generators=dict.fromkeys(GATEWAYS, cast(Generator, busy)),
        clock=clock(),
        story=told,
        watch=cast(Watch, watch),
        ledger=Ledger(counts, None, counts if complete else None),
        wall_clocks=WallClocks(),
        complete=complete,
    )


def report_of(recording: Recording) -> Report:
    """Return the report of a run."""
    return assemble(recording, requests_of(recording))
