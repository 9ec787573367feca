"""`run_demo.py compare`: the same load on both gateways at the same time, while recommendations hang."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from experiment.claims import claims
from experiment.engines import Engine
from experiment.engines.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS, SERVICES, Service, urls
from experiment.errors import EnvironmentProblem
from experiment.live import LiveView, describe
from experiment.load import SPAWN_RATE, Load, expected_requests, spread_of_requests
from experiment.outcomes import Route
from experiment.report import LoadSettings, Report
from experiment.request_log import RequestLog
from experiment.setup import ROOT
from experiment.shop import Shop
from experiment.signals import held_back
from experiment.summary import GatewayResult, summarize
from experiment.table import print_report

RESULTS = ROOT / "results"
REPORT = RESULTS / "comparison_report.json"
FAULT: dict[str, object] = {"kind": "hang"}
REFRESH_S = 0.25
SHORT_NAMES = {GATEWAY_V1: "v1", GATEWAY_V2: "v2"}


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of a run."""

    users: int  # for each gateway
    duration_s: int


def compare(plan: Plan, engine: Engine) -> int:
    """Run the comparison, print it and write it to results/; return 0 when every claim held, else 1."""
    console = Console()
    RESULTS.mkdir(exist_ok=True)
    logs = {gateway: RequestLog(RESULTS / f"requests_{name}.jsonl") for gateway, name in SHORT_NAMES.items()}
    for log in logs.values():
        log.path.write_bytes(b"")
    shop = Shop(urls())
    with engine.running(SERVICES, RESULTS / "logs"), _fault(shop):
        try:
            _run_load(plan, shop, logs, console)
        except BaseException:
            with held_back():
                _report(plan, engine, logs, circuit=None).write(REPORT)
                console.print(f"Stopped early. What there is so far: {RESULTS}", soft_wrap=True)
            raise
        circuit = shop.circuit()
    report = _report(plan, engine, logs, circuit)
    report.write(REPORT)
    print_report(console, report)
    console.print(f"More in {RESULTS}: comparison_report.json, results_v1.html, results_v2.html", soft_wrap=True)
    return 0 if all(claim.held for claim in report.claims) else 1


@contextmanager
def _fault(shop: Shop) -> Iterator[None]:
    before = shop.set_fault(FAULT)
    try:
        yield
    finally:
        with held_back(), suppress(EnvironmentProblem):  # a shop that is gone has no fault either
            shop.set_fault(before)


def _run_load(plan: Plan, shop: Shop, logs: dict[Service, RequestLog], console: Console) -> None:
    with _loads(plan, shop, logs) as loads, LiveView(console, [g.name for g in GATEWAYS], plan.duration_s) as view:
        started = time.monotonic()
        while any(load.running for load in loads):
            time.sleep(REFRESH_S)
            view.show(time.monotonic() - started, _lines(shop, logs))
    for load in loads:
        if load.problem:
            raise EnvironmentProblem(f"the load failed: {load.problem}")


@contextmanager
def _loads(plan: Plan, shop: Shop, logs: dict[Service, RequestLog]) -> Iterator[list[Load]]:
    loads: list[Load] = []
    try:
        for gateway, log in logs.items():
            html = RESULTS / f"results_{SHORT_NAMES[gateway]}.html"
            with held_back():
                loads.append(
                    Load(
                        shop.urls[gateway],
                        users=plan.users,
                        duration_s=plan.duration_s,
                        html=html,
                        request_log=log.path,
                    )
                )
        yield loads
    finally:
        with held_back():
            for load in loads:
                load.stop()


def _lines(shop: Shop, logs: dict[Service, RequestLog]) -> dict[str, str]:
    for log in logs.values():
        log.read_more()
    return {
        GATEWAY_V1.name: describe(logs[GATEWAY_V1]),
        GATEWAY_V2.name: describe(logs[GATEWAY_V2], _circuit_state(shop)),
    }


def _circuit_state(shop: Shop) -> str:
    try:
        return str(shop.circuit()["state"])
    except EnvironmentProblem:  # too busy to say; the load goes on
        return "unknown"


def _report(plan: Plan, engine: Engine, logs: dict[Service, RequestLog], circuit: dict[str, Any] | None) -> Report:
    """Sum up the run; without the circuit's state at the end, it was interrupted."""
    results = {gateway.name: _result(log, plan.duration_s) for gateway, log in logs.items()}
    ceiling = expected_requests(plan.users, plan.duration_s)
    return Report(
        complete=circuit is not None,
        load=LoadSettings(
            engine=engine.name,
            fault=FAULT,
            users=plan.users,
            spawn_rate_per_s=SPAWN_RATE,
            duration_s=plan.duration_s,
            ceiling_per_s=round(ceiling / plan.duration_s, 2),
        ),
        gateways=results,
        circuit=circuit or {},
        claims=claims(
            results[GATEWAY_V1.name],
            results[GATEWAY_V2.name],
            deadline_ms=circuit["deadline_s"] * 1000,
            ceiling_per_s=ceiling / plan.duration_s,
            chance_share=3 * spread_of_requests(plan.users, plan.duration_s) / ceiling,
        )
        if circuit
        else [],
    )


def _result(log: RequestLog, duration_s: float) -> GatewayResult:
    log.read_more()
    requests = list(log.requests.values())
    return GatewayResult(
        product_details=summarize((r for r in requests if r.route is Route.PRODUCT_DETAILS), duration_s),
        catalogue=summarize((r for r in requests if r.route is Route.CATALOGUE), duration_s),
        all_requests=summarize(requests, duration_s),
    )
