"""Parts of a report, made up: a run that went well, unless told otherwise."""

from collections.abc import Mapping, Sequence

from experiment.measure.summary import of_route, summarize
from experiment.phases import Phase
from experiment.plan import PHASES_S
from experiment.results.model import (
    ClosedLoad,
    Experiment,
    GatewayResult,
    GeneratorHealth,
    GuardSettings,
    InjectedFault,
    LoadWorker,
    OpenLoad,
    PhaseResult,
    Reaction,
)
from experiment.results.requests_file import RequestRow
from load.outcomes import Outcome, Route
from support.rows import rows

LENGTH_S = 100.0
CLOSED = ClosedLoad(users=100, pause_s=(1.0, 2.0), ramp_per_s=None, ceiling_per_s=60.0)
OPEN = OpenLoad(arrival_rate_per_s=50.0, in_flight_max=2000)
GUARD = GuardSettings(
    fail_max=3,
    failure_rate=None,
    reset_timeout_s=10.0,
    deadline_s=2.0,
    patience_s=0.9,
    slow_call_s=0.5,
    bulkhead_max_concurrent=10,
)
NO_REACTION = Reaction(
    fault_to_open_s=None,
    fault_to_first_fast_answer_s=None,
    heal_to_closed_s=None,
    heal_to_first_full_answer_s=None,
    heal_to_normal_s=None,
)


def experiment(
    load: ClosedLoad | OpenLoad = CLOSED, phases_s: Mapping[Phase, float] = PHASES_S, guard: GuardSettings = GUARD
) -> Experiment:
    """Return what was asked for."""
    return Experiment(
        engine="local",
        phases_s=dict(phases_s),
        faults=[InjectedFault(service="recommendations-service", kind="hang", spec="hang")],
        load=load,
        catalogue_share=0.2,
        seed=1,
        good_within_s=1.0,
        guard=guard,
        threads={"api-gateway-v1": 64, "api-gateway-v2": 64},
    )


def pages_and_catalogue(outcome: Outcome, pages: int, took_ms: float = 5.0) -> list[RequestRow]:
    """Return product pages that came to this, and catalogue pages that went well."""
    return [*rows(pages, outcome, took_ms), *rows(10, route=Route.CATALOGUE)]


def phase_result(requests: Sequence[RequestRow], calls: int | None = 0) -> PhaseResult:
    """Return what a gateway did in a phase with these requests."""
    return PhaseResult(
        product_details=summarize(of_route(requests, Route.PRODUCT_DETAILS), 0.0, LENGTH_S),
        catalogue=summarize(of_route(requests, Route.CATALOGUE), 0.0, LENGTH_S),
        all_routes=summarize(requests, 0.0, LENGTH_S),
        calls_to_recommendations=calls,
        useless_work=0,
        busy_threads=None,
        time_in_state_s={},
    )


def gateway_result(
    phases: Mapping[Phase, PhaseResult],
    *,
    whole_run: PhaseResult | None = None,
    reaction: Reaction = NO_REACTION,
    cpu_share_max: float = 0.3,
    start_lag_p99_ms: float = 1.0,
) -> GatewayResult:
    """Return what a gateway did; the whole run is its first phase, unless told otherwise."""
    return GatewayResult(
        whole_run=whole_run or next(iter(phases.values())),
        phases=dict(phases),
        reaction=reaction,
        refused_while_healthy=0,
        generator=GeneratorHealth(cpu_share_max=cpu_share_max, start_lag_p99_ms=start_lag_p99_ms),
    )


def load_worker(number: int, requests: int = 100, clock_error_ms: float = 0.1) -> LoadWorker:
    """Return a worker of a load."""
    return LoadWorker(
        number=number, requests=requests, cpu_share_max=0.1, clock_ahead_ms=0.0, clock_error_ms=clock_error_ms
    )
