"""Reports and requests of simulated runs: two gateways and a seed."""

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import accumulate
from math import ceil
from statistics import fmean

from experiment.phases import Phase
from experiment.results.model import (
    AccountCheck,
    Accounts,
    BusyThreads,
    Claim,
    ClosedLoad,
    Experiment,
    GatewayResult,
    GatewaySeries,
    GeneratorHealth,
    GuardSettings,
    Host,
    InjectedFault,
    Latency,
    LatencyByOutcome,
    MetricSpread,
    OpenLoad,
    PhaseResult,
    PhaseSpan,
    Reaction,
    Repeat,
    ReplicaResult,
    Report,
    RouteResult,
    StateSpan,
    Timeline,
)
from experiment.results.requests_file import RequestRow
from load.outcomes import Outcome, Route

V1, V2 = "api-gateway-v1", "api-gateway-v2"
NORMAL = {Phase.HEALTHY: 15.0, Phase.FAULT: 40.0, Phase.RECOVERY: 45.0}
CLASSIC = {Phase.FAULT: 60.0}
THREADS, IN_FLIGHT_MAX, HANG_S, COOLDOWN_S, DEADLINE_S, SLOW_CALL_S, GOOD_S = 64, 1000, 30.0, 10.0, 2.0, 0.5, 1.0
CATALOGUE_SHARE, LAST_ANSWERS_S, PAUSE_S = 0.2, 2.0, (1.0, 2.0)
ANSWERED = (Outcome.FULL, Outcome.DEGRADED, Outcome.FAILED)
Serve = Callable[[Route, float], tuple[float, Outcome]]  # route and start -> how long it takes, what it comes to


@dataclass
class Run:
    """What a simulated run is made of."""

    phases_s: dict[Phase, float]
    rng: random.Random
    users: int = 100
    open_rate_per_s: float | None = None  # None: a closed load
    stops_at_s: float | None = None  # None: not interrupted
    broken_v2: bool = False  # its guard does nothing
    tough_v1: bool = False  # it does not collapse

    @cached_property
    def spans(self) -> list[PhaseSpan]:
        """The phases, as far as the run got."""
        found, at = [], 0.0
        for phase, length in self.phases_s.items():
            if self.stops_at_s is None or at < self.stops_at_s:
                found.append(PhaseSpan(phase=phase, from_s=at, to_s=min(at + length, self.stops_at_s or at + length)))
            at += length
        return found

    @cached_property
    def last_start_s(self) -> float:
        """When the last request may start."""
        return self.spans[-1].to_s if self.spans else 0.0

    @cached_property
    def end_s(self) -> float:
        """When the last answers are waited for no longer."""
        return self.last_start_s + (0 if self.stops_at_s is not None else LAST_ANSWERS_S)

    @cached_property
    def fault_s(self) -> float | None:
        """When the fault comes."""
        return next((span.from_s for span in self.spans if span.phase is Phase.FAULT), None)

    @cached_property
    def healed_s(self) -> float | None:
        """When it goes."""
        return next((span.from_s for span in self.spans if span.phase is Phase.RECOVERY), None)

    def sick(self, at_s: float) -> bool:
        """Tell whether the fault is in at this time."""
        return self.fault_s is not None and self.fault_s <= at_s and (self.healed_s is None or at_s < self.healed_s)

    def phase_at(self, at_s: float) -> Phase:
        """Return the phase of a request that starts at this time."""
        return next((span.phase for span in self.spans if at_s < span.to_s), self.spans[-1].phase)


def a_report(  # noqa: PLR0913 - each option is one kind of run
    phases_s: dict[Phase, float] = NORMAL,
    *,
    users: int = 100,
    open_rate_per_s: float | None = None,
    interrupted_after_s: float | None = None,
    v2_fails: bool = False,
    v1_survives: bool = False,
    warnings: Sequence[str] = (),
    repeats: int = 0,
    replicas: int = 0,
    seed: int = 1,
) -> tuple[Report, list[RequestRow]]:
    """Return the report and the requests of a run of this kind; it is the normal run without any option."""
    run = Run(phases_s, random.Random(seed), users, open_rate_per_s, interrupted_after_s, v2_fails, v1_survives)  # noqa: S311
    circuit = _circuit(run)
    rows = {V1: _requests(run, V1, _naive(run)), V2: _requests(run, V2, _protected(run, circuit))}
    report = Report(
        started_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        complete=interrupted_after_s is None,
        experiment=_experiment(run, seed),
        timeline=Timeline(
            phases=run.spans,
            fault_s=run.fault_s,
            healed_s=run.healed_s,
            circuit=[] if replicas else circuit,
            end_s=run.end_s,
        ),
        gateways={name: _gateway(run, rows[name], circuit if name == V2 else []) for name in rows},
        replicas={f"{V2}-{number}": _replica(circuit, number) for number in range(1, replicas + 1)},
        series={name: _series(run, rows[name]) for name in rows},
        queue=[0] * len(_series(run, rows[V1]).full),
        checks=_checks(rows),
        claims=[] if interrupted_after_s is not None else _claims(rows, _watched(run)),
        warnings=list(warnings),
        requests_file="requests.csv.gz",
        repeat=_repeat(repeats) if repeats else None,
        host=Host(cpus=2, system="Linux-6.1-x86_64", python="3.11.2", libraries={"flask": "3.1.2", "locust": "2.42.6"}),
    )
    return report, sorted(rows[V1] + rows[V2], key=lambda row: row.intended_s)


def _replica(circuit: list[StateSpan], number: int) -> ReplicaResult:
    """Return a replica whose circuit is that of the run; each changes a little later than the one before."""
    later_s = 0.2 * (number - 1)
    moved = [
        span.model_copy(update={"from_s": span.from_s + later_s * (span.from_s > 0), "to_s": span.to_s + later_s})
        for span in circuit
    ]
    return ReplicaResult(
        circuit=moved,
        calls_let_through=900 + number,
        calls_refused=700,
        fault_to_open_s=0.54 + later_s,
        heal_to_closed_s=6.2 + later_s,
    )


def _naive(run: Run) -> Serve:
    def serve(route: Route, at_s: float) -> tuple[float, Outcome]:
        if route is Route.PRODUCT_DETAILS and run.sick(at_s) and not run.tough_v1:
            return HANG_S + 0.005, Outcome.FAILED
        return _quick_s(run), Outcome.FULL

    return serve


def _protected(run: Run, circuit: list[StateSpan]) -> Serve:
    first_calls = iter(range(8))

    def serve(route: Route, at_s: float) -> tuple[float, Outcome]:
        if run.broken_v2 and route is Route.PRODUCT_DETAILS and run.sick(at_s):
            late = run.rng.random() < 0.4
            return (DEADLINE_S + run.rng.random(), Outcome.FAILED) if late else (_quick_s(run), Outcome.DEGRADED)
        state = next((span.state for span in circuit if at_s < span.to_s), "CLOSED")
        if route is Route.PRODUCT_DETAILS and run.sick(at_s) and state == "CLOSED":
            waits = next(first_calls, None) is not None
            return (SLOW_CALL_S + 0.02 if waits else _quick_s(run)), Outcome.DEGRADED
        refused = route is Route.PRODUCT_DETAILS and state != "CLOSED"
        return _quick_s(run), Outcome.DEGRADED if refused else Outcome.FULL

    return serve


def _quick_s(run: Run) -> float:
    return 0.0015 + min(0.09, run.rng.lognormvariate(-6.4, 0.5))


def _circuit(run: Run) -> list[StateSpan]:
    """Return the states of v2's circuit: trip after the first slow calls, a probe after each cooldown."""
    if run.fault_s is None or run.broken_v2:
        return [StateSpan(state="CLOSED", from_s=0, to_s=run.end_s, why="")]
    changes: list[tuple[float, str, str]] = [
        (0.0, "CLOSED", ""),
        (run.fault_s + 0.54, "OPEN", "3 slow calls in flight"),
    ]
    while changes[-1][1] != "CLOSED":
        probe_s = changes[-1][0] + COOLDOWN_S
        if probe_s >= run.end_s:
            break
        changes.append((probe_s, "HALF-OPEN", "cooldown over"))
        if run.sick(probe_s):
            changes.append((probe_s + DEADLINE_S, "OPEN", "probe failed: deadline of 2 s"))
        else:
            changes.append((probe_s + 0.01, "CLOSED", "probe succeeded"))
    changes = [change for change in changes if change[0] < run.end_s]
    ends = [change[0] for change in changes[1:]] + [run.end_s]
    return [
        StateSpan.model_validate({"state": state, "from_s": at, "to_s": end, "why": why})
        for (at, state, why), end in zip(changes, ends, strict=True)
    ]


def _requests(run: Run, gateway: str, serve: Serve) -> list[RequestRow]:
    threads = [0.0] * THREADS  # when each is free again
    rows = _open(run, gateway, serve, threads) if run.open_rate_per_s else _closed(run, gateway, serve, threads)
    return [replace(row, request_id=f"{gateway[-2:]}-{number:06d}") for number, row in enumerate(rows)]


def _closed(run: Run, gateway: str, serve: Serve, threads: list[float]) -> Iterator[RequestRow]:
    visits = [run.rng.uniform(0, 1.5) for _ in range(run.users)]
    heapq.heapify(visits)
    while visits and visits[0] < run.last_start_s:
        at_s = heapq.heappop(visits)
        row, ended_s = _visit(run, gateway, serve, threads, at_s)
        yield row
        heapq.heappush(visits, ended_s + run.rng.uniform(*PAUSE_S))


def _open(run: Run, gateway: str, serve: Serve, threads: list[float]) -> Iterator[RequestRow]:
    at_s, in_flight = 0.0, list[float]()
    while (at_s := at_s + run.rng.expovariate(run.open_rate_per_s or 1)) < run.last_start_s:
        while in_flight and in_flight[0] <= at_s:
            heapq.heappop(in_flight)
        if len(in_flight) >= IN_FLIGHT_MAX:
            yield _row(run, gateway, _route_of(run), at_s, None, Outcome.UNSENT)
            continue
        row, ended_s = _visit(run, gateway, serve, threads, at_s)
        heapq.heappush(in_flight, ended_s)
        yield row


def _visit(run: Run, gateway: str, serve: Serve, threads: list[float], at_s: float) -> tuple[RequestRow, float]:
    route = _route_of(run)
    begins_s = max(at_s, heapq.heappop(threads))
    takes_s, outcome = serve(route, begins_s)
    ended_s = begins_s + takes_s
    heapq.heappush(threads, ended_s)
    return _row(run, gateway, route, at_s, ended_s, outcome if ended_s <= run.end_s else Outcome.UNANSWERED), ended_s


def _route_of(run: Run) -> Route:
    return Route.CATALOGUE if run.rng.random() < CATALOGUE_SHARE else Route.PRODUCT_DETAILS


def _row(  # noqa: PLR0913, PLR0917 - a row has as many fields
    run: Run, gateway: str, route: Route, at_s: float, ended_s: float | None, outcome: Outcome
) -> RequestRow:
    answered = ended_s if outcome in ANSWERED else None
    return RequestRow(
        request_id="",
        gateway=gateway,
        route=route,
        phase=run.phase_at(at_s),
        intended_s=at_s,
        started_s=None if outcome is Outcome.UNSENT else at_s,
        ended_s=answered,
        status=None if answered is None else 500 if outcome is Outcome.FAILED else 200,
        outcome=outcome,
        latency_ms=None if answered is None else round((answered - at_s) * 1000, 2),
    )


def _gateway(run: Run, rows: list[RequestRow], circuit: list[StateSpan]) -> GatewayResult:
    spans = {span.phase: (span.from_s, span.to_s) for span in run.spans}
    phases = {p: _phase([r for r in rows if r.phase is p], *span, circuit) for p, span in spans.items()}
    return GatewayResult(
        whole_run=_phase(rows, 0, max(run.last_start_s, 0.001), circuit),
        phases=phases,
        reaction=_reaction(run, rows, circuit),
        refused_while_healthy=0,
        generator=GeneratorHealth(cpu_share_max=0.41, start_lag_p99_ms=2.3),
    )


def _phase(rows: list[RequestRow], from_s: float, to_s: float, circuit: list[StateSpan]) -> PhaseResult:
    times = dict.fromkeys((span.state for span in circuit), 0.0)
    for span in circuit:
        times[span.state] += max(0.0, min(to_s, span.to_s) - max(from_s, span.from_s))
    pages = [row for row in rows if row.route is Route.PRODUCT_DETAILS]
    hung = [row for row in pages if (row.latency_ms or HANG_S * 1000) >= SLOW_CALL_S * 1000]
    return PhaseResult(
        product_details=_route(pages, from_s, to_s),
        catalogue=_route([row for row in rows if row.route is Route.CATALOGUE], from_s, to_s),
        all_routes=_route(rows, from_s, to_s),
        calls_to_recommendations=len(hung) + sum(row.outcome is Outcome.FULL for row in pages),
        useless_work=len(hung) // 2,
        busy_threads=BusyThreads(mean=min(64, len(hung) / 2), max=min(64, len(hung) + 2), no_answer_share=0.0),
        time_in_state_s={state: round(time_s, 3) for state, time_s in times.items()},
    )


def _route(rows: list[RequestRow], from_s: float, to_s: float) -> RouteResult:
    count = Counter(row.outcome for row in rows)
    length_s = to_s - from_s
    answered = [row for row in rows if row.outcome in ANSWERED]
    good = [row for row in rows if _is_good(row)]
    return RouteResult(
        accounts=Accounts(scheduled=len(rows), **{outcome.value: count[outcome] for outcome in Outcome}),
        good=len(good),
        scheduled_per_s=round(len(rows) / length_s, 2),
        answered_per_s=round(len(answered) / length_s, 2),
        goodput_per_s=round(len(good) / length_s, 2),
        waiting_at_end=sum(row.started_s is not None and (row.ended_s is None or row.ended_s > to_s) for row in rows),
        latency=LatencyByOutcome(
            answered=_latency(answered),
            full=_latency(row for row in rows if row.outcome is Outcome.FULL),
            degraded=_latency(row for row in rows if row.outcome is Outcome.DEGRADED),
            failed=_latency(row for row in rows if row.outcome is Outcome.FAILED),
        ),
    )


def _is_good(row: RequestRow) -> bool:
    return row.outcome in (Outcome.FULL, Outcome.DEGRADED) and (row.latency_ms or 0) <= GOOD_S * 1000


def _latency(rows: Iterable[RequestRow]) -> Latency | None:
    values = sorted(row.latency_ms for row in rows if row.latency_ms is not None)
    if not values:
        return None
    ranks = {"p50_ms": 50.0, "p90_ms": 90.0, "p95_ms": 95.0, "p99_ms": 99.0, "p99_9_ms": 99.9}
    return Latency(
        count=len(values),
        mean_ms=round(fmean(values), 2),
        max_ms=values[-1],
        **{name: values[max(0, ceil(len(values) * percent / 100) - 1)] for name, percent in ranks.items()},
    )


def _reaction(run: Run, rows: list[RequestRow], circuit: list[StateSpan]) -> Reaction:
    opened = next((span.from_s for span in circuit if span.state == "OPEN"), None)
    closed = next((span.from_s for span in circuit[1:] if span.state == "CLOSED"), None)
    pages = [row for row in rows if row.route is Route.PRODUCT_DETAILS]
    good = [row for row in pages if _is_good(row)]
    bad_s = [row.intended_s for row in pages if row.outcome is not Outcome.FULL]
    return Reaction(
        fault_to_open_s=_since(run.fault_s, [opened]),
        fault_to_first_fast_answer_s=_since(
            run.fault_s, (row.ended_s for row in good if row.intended_s >= (run.fault_s or 0))
        ),
        heal_to_closed_s=_since(run.healed_s, [closed]),
        heal_to_first_full_answer_s=_since(run.healed_s, (r.ended_s for r in pages if r.outcome is Outcome.FULL)),
        heal_to_normal_s=_since(run.healed_s, [max(bad_s, default=run.healed_s)]),
    )


def _since(start_s: float | None, times_s: Iterable[float | None]) -> float | None:
    if start_s is None:
        return None
    return min((round(at - start_s, 3) for at in times_s if at is not None and at >= start_s), default=None)


def _series(run: Run, rows: list[RequestRow]) -> GatewaySeries:
    seconds = range(ceil(run.end_s))
    scheduled = Counter(int(row.intended_s) for row in rows)
    arrived = {o: Counter(int(r.ended_s) for r in rows if r.outcome is o and r.ended_s is not None) for o in ANSWERED}
    started = Counter(int(row.intended_s) for row in rows if row.started_s is not None)
    left = sum(arrived.values(), Counter())
    waiting = list(accumulate(started[second] - left[second] for second in seconds))
    full = arrived[Outcome.FULL]
    calls = Counter(int(second) for second in _calls_s(rows))
    return GatewaySeries(
        scheduled=[scheduled[second] for second in seconds],
        full=[full[second] for second in seconds],
        degraded=[arrived[Outcome.DEGRADED][second] for second in seconds],
        failed=[arrived[Outcome.FAILED][second] for second in seconds],
        waiting=waiting,
        calls_to_recommendations=[calls[second] for second in seconds],
        useless_work=[0 for _ in seconds],
        busy_threads=[None if n > 2 * THREADS else min(THREADS, n + 1) for n in waiting],
    )


def _calls_s(rows: list[RequestRow]) -> Iterator[float]:
    """Return when the calls to recommendations began that answered product pages went through."""
    for row in rows:
        if row.route is Route.PRODUCT_DETAILS and row.ended_s is not None:
            if row.outcome is Outcome.FAILED:
                yield max(row.intended_s, row.ended_s - HANG_S)
            elif row.outcome is Outcome.FULL or (row.latency_ms or 0) > SLOW_CALL_S * 1000:
                yield row.ended_s


def _watched(run: Run) -> Phase | None:
    return Phase.FAULT if run.fault_s is not None else None


def _claims(rows: dict[str, list[RequestRow]], phase: Phase | None) -> list[Claim]:
    if phase is None:
        return []
    v1, v2 = ([r for r in rows[g] if r.phase is phase and r.route is Route.PRODUCT_DETAILS] for g in (V1, V2))
    served = [sum(_is_good(row) for row in pages) / len(pages) for pages in (v1, v2)]
    slowest_ms = max((row.latency_ms for row in v2 if row.latency_ms is not None), default=None)
    return [
        _claim("v1 serves no more than a tenth of its product pages in the fault", served[0], "<=", 0.1, "share"),
        _claim("v2 serves every product page", served[1], "=", 1, "share"),
        _claim("v2's slowest product page is within its deadline", slowest_ms, "<=", 2100, "ms"),
    ]


def _claim(name: str, measured: float | None, relation: str, threshold: float, unit: str) -> Claim:
    held = (
        measured is not None
        and {
            "=": measured == threshold,
            "<=": measured <= threshold,
            ">=": measured >= threshold,
        }[relation]
    )
    return Claim.model_validate(
        {"name": name, "measured": measured, "relation": relation, "threshold": threshold, "unit": unit, "held": held}
    )


def _checks(rows: dict[str, list[RequestRow]]) -> list[AccountCheck]:
    checks = []
    for gateway, requests in rows.items():
        answered = sum(row.outcome in ANSWERED for row in requests)
        given_up = sum(row.outcome is Outcome.UNANSWERED for row in requests)
        checks.append(
            AccountCheck(
                what=f"requests that {gateway} answered",
                caller=answered,
                service=answered + given_up // 2,
                tolerance=given_up,
                held=True,
            )
        )
    return checks


def _repeat(runs: int) -> Repeat:
    values: list[float | None] = [3.0 + 0.1 * n for n in range(runs)]
    spread = MetricSpread(
        name="Average response time of the answers, in the fault",
        gateway=V2,
        unit="ms",
        median=values[runs // 2],
        min=values[0],
        max=values[-1],
        values=values,
    )
    nothing: list[float | None] = [None] * runs
    never = MetricSpread(
        name="Fault to circuit OPEN", gateway=V1, unit="s", median=None, min=None, max=None, values=nothing
    )
    return Repeat(
        runs=[f"run-{n + 1}" for n in range(runs)], claims_held=[True] * (runs - 1) + [False], spreads=[spread, never]
    )


def _experiment(run: Run, seed: int) -> Experiment:
    load = (
        OpenLoad(arrival_rate_per_s=run.open_rate_per_s, in_flight_max=IN_FLIGHT_MAX)
        if run.open_rate_per_s
        else ClosedLoad(users=run.users, pause_s=PAUSE_S, ramp_per_s=None, ceiling_per_s=run.users / 1.5)
    )
    guard = GuardSettings(
        fail_max=3,
        failure_rate=None,
        reset_timeout_s=COOLDOWN_S,
        deadline_s=DEADLINE_S,
        patience_s=0.9,
        slow_call_s=SLOW_CALL_S,
        bulkhead_max_concurrent=10,
    )
    return Experiment(
        engine="local",
        phases_s=run.phases_s,
        faults=[InjectedFault(service="recommendations-service", kind="hang", spec="hang")],
        load=load,
        catalogue_share=CATALOGUE_SHARE,
        seed=seed,
        good_within_s=GOOD_S,
        guard=None if run.stops_at_s is not None and run.stops_at_s < 1 else guard,
        threads={V1: THREADS, V2: THREADS},
    )
