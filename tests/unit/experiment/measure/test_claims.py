"""Claims that hold, that do not hold, and that a run cannot decide."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import pytest

from experiment.measure.claims import Judge
from experiment.measure.nature import nature_of
from experiment.phases import Phase
from experiment.plan import PHASES_S
from experiment.results.model import AccountCheck, Claim, ClosedLoad, GatewayResult, PhaseResult, ReplicaResult
from load.outcomes import Outcome, Route
from support.report_parts import (
    CLOSED,
    GUARD,
    LENGTH_S,
    NO_REACTION,
    OPEN,
    experiment,
    gateway_result,
    pages_and_catalogue,
    phase_result,
)
from support.rows import row, rows

FAILS = "v2 fails no request"
V1_SERVES = "v1 serves no product page within 1 s during the fault"
DEADLINE = "v2's slowest product page waits no longer than it may"
CATALOGUE = "the catalogue stays fast behind v2 during the fault (p99)"
SPARES = "v2 spares the sick service: calls let through"
PROTECTS = "v2 protects in time: fault to OPEN"
RECOVERS = "v2 recovers in time: healed to CLOSED"
REFUSES = "v2 refuses (nearly) no recommendations before the fault"
THROUGHPUT = "v2 answers all that these users can ask"
BALANCE = "the accounts balance: counts that disagree"
EVERY = (FAILS, V1_SERVES, DEADLINE, CATALOGUE, SPARES, PROTECTS, RECOVERS, REFUSES, THROUGHPUT, BALANCE)

WELL = phase_result(pages_and_catalogue(Outcome.FULL, 90))
HUNG = phase_result(rows(100, Outcome.UNANSWERED))
PROTECTED = phase_result(pages_and_catalogue(Outcome.DEGRADED, 90), calls=14)
WHOLE = phase_result(rows(5900))  # 59 answers a second
REACTION = NO_REACTION.model_copy(update={"fault_to_open_s": 1.0, "heal_to_closed_s": 9.0})
CHECK = AccountCheck(what="pages", caller=1, service=1, tolerance=0, held=True)


def phases(fault: PhaseResult, **others: PhaseResult) -> dict[Phase, PhaseResult]:
    """Return all phases of a gateway, well but for the fault."""
    return {Phase.HEALTHY: WELL, Phase.FAULT: fault, Phase.RECOVERY: WELL} | {Phase(p): r for p, r in others.items()}


def v2(fault: PhaseResult = PROTECTED, whole_run: PhaseResult = WHOLE, **reaction: float | None) -> GatewayResult:
    """Return what a v2 did that went well, unless told otherwise."""
    return gateway_result(phases(fault), whole_run=whole_run, reaction=REACTION.model_copy(update=reaction))


GOOD = Judge(
    experiment=experiment(),
    guard=GUARD,
    nature=nature_of(["hang"], GUARD, 1.0),
    v1=gateway_result(phases(HUNG)),
    v2=v2(),
    replicas=[],
    checks=[CHECK],
    served_by_v1=0,
    refused_before_fault=0.01,
)


def claims(judge: Judge) -> Mapping[str, Claim]:
    """Return the claims by their names."""
    return {claim.name: claim for claim in judge.claims()}


def without(judge: Judge, *left_out: Phase) -> Judge:
    """Return the same run without some of its phases."""

    def cut(result: GatewayResult) -> GatewayResult:
        return result.model_copy(update={"phases": {p: r for p, r in result.phases.items() if p not in left_out}})

    planned = experiment(phases_s={p: s for p, s in PHASES_S.items() if p not in left_out})
    return replace(judge, experiment=planned, v1=cut(judge.v1), v2=cut(judge.v2))


def test_all_claims_hold_on_a_good_run() -> None:
    """Every claim is made and holds when v1 hangs, v2 protects and recovers, and all counts agree."""
    made = claims(GOOD)
    assert tuple(made) == EVERY
    assert all(claim.held for claim in made.values())


@pytest.mark.parametrize(
    ("broken", "judge", "measured"),
    [
        (FAILS, replace(GOOD, v2=v2(whole_run=phase_result([*rows(5900), row(Outcome.FAILED)]))), 1),
        (FAILS, replace(GOOD, v2=v2(whole_run=phase_result([*rows(5900), row(Outcome.UNANSWERED)]))), 1),
        (FAILS, replace(GOOD, v2=v2(whole_run=phase_result([*rows(5900), row(Outcome.UNSENT)]))), 1),
        (V1_SERVES, replace(GOOD, served_by_v1=2), 2),
        (DEADLINE, replace(GOOD, v2=v2(phase_result(pages_and_catalogue(Outcome.DEGRADED, 90, 1001.0), 14))), 1001),
        (
            CATALOGUE,
            replace(
                GOOD,
                v2=v2(phase_result([*rows(90, Outcome.DEGRADED), *rows(9, took_ms=101.0, route=Route.CATALOGUE)])),
            ),
            101,
        ),
        (SPARES, replace(GOOD, v2=v2(phase_result(pages_and_catalogue(Outcome.DEGRADED, 90), calls=15))), 15),
        (PROTECTS, replace(GOOD, v2=v2(fault_to_open_s=1.2)), 1.2),
        (PROTECTS, replace(GOOD, v2=v2(fault_to_open_s=None)), None),
        (RECOVERS, replace(GOOD, v2=v2(heal_to_closed_s=12.6)), 12.6),
        (RECOVERS, replace(GOOD, v2=v2(heal_to_closed_s=None)), None),
        (REFUSES, replace(GOOD, refused_before_fault=0.02), 0.02),
        (THROUGHPUT, replace(GOOD, v2=v2(whole_run=phase_result(rows(5600)))), 56),
        (BALANCE, replace(GOOD, checks=[CHECK, CHECK.model_copy(update={"held": False})]), 1),
    ],
)
def test_shortfall_breaks_only_its_own_claim(broken: str, judge: Judge, measured: float | None) -> None:
    """Each way to fall short breaks one claim and no other."""
    made = claims(judge)
    assert [name for name, claim in made.items() if not claim.held] == [broken]
    assert made[broken].measured == measured


@pytest.mark.parametrize(
    ("name", "relation", "threshold"),
    [
        (FAILS, "=", 0),
        (V1_SERVES, "=", 0),
        (DEADLINE, "<=", 1000),  # the patience of 0.9 s, and 100 ms
        (CATALOGUE, "<=", 100),
        (SPARES, "<=", 14),  # the bulkhead's 10, and a probe in each of the 4 cooldowns
        (PROTECTS, "<=", 1.19),  # slow after 0.5 s, 9 pages at 48 a second, and 0.5 s
        (RECOVERS, "<=", 12.5),  # a deadline, a cooldown, and 0.5 s
        (REFUSES, "<=", 0.01),
        (THROUGHPUT, ">=", 57),  # 95 % of 60 requests a second
        (BALANCE, "=", 0),
    ],
)
def test_thresholds_follow_from_the_settings(name: str, relation: Literal["=", "<=", ">="], threshold: float) -> None:
    """The thresholds follow from the settings of the guard and of the load."""
    claim = claims(GOOD)[name]
    assert claim.relation == relation
    assert claim.threshold == pytest.approx(threshold)


def test_counts_phases_that_do_not_add_up() -> None:
    """A request missing from an outcome or from a route breaks the balance."""
    lost = WELL.all_routes.accounts.model_copy(update={"full": 0})
    amiss = WELL.model_copy(update={"all_routes": WELL.all_routes.model_copy(update={"accounts": lost})})
    torn = WELL.model_copy(update={"catalogue": HUNG.catalogue})
    found = claims(replace(GOOD, v1=gateway_result(phases(HUNG, healthy=amiss, recovery=torn))))[BALANCE]
    assert (found.measured, found.held) == (2, False)


def test_unreadable_count_breaks_nothing() -> None:
    """A count that could not be read does not break the balance."""
    assert claims(replace(GOOD, checks=[CHECK.model_copy(update={"held": None, "service": None})]))[BALANCE].held


@pytest.mark.parametrize(
    ("judge", "missing"),
    [
        (without(GOOD, Phase.HEALTHY), {REFUSES}),
        (without(GOOD, Phase.RECOVERY), {RECOVERS}),
        (
            without(GOOD, Phase.FAULT, Phase.RECOVERY),
            {V1_SERVES, DEADLINE, CATALOGUE, SPARES, PROTECTS, RECOVERS},
        ),
        (replace(GOOD, guard=GUARD.model_copy(update={"failure_rate": 0.5})), {PROTECTS}),
        (replace(GOOD, experiment=experiment(phases_s=PHASES_S | {Phase.RECOVERY: 12.5})), {RECOVERS}),
        (replace(GOOD, experiment=experiment(OPEN)), {THROUGHPUT}),
        (
            replace(GOOD, experiment=experiment(CLOSED.model_copy(update={"users": 5, "ceiling_per_s": 3.33}))),
            {THROUGHPUT},
        ),
        (replace(GOOD, v1=gateway_result(phases(phase_result([])))), {V1_SERVES}),
        (replace(GOOD, v2=v2(phase_result(rows(9, Outcome.UNANSWERED), calls=14))), {DEADLINE, CATALOGUE}),
        (replace(GOOD, v2=v2(phase_result(pages_and_catalogue(Outcome.DEGRADED, 90), calls=None))), {SPARES}),
    ],
    ids=[
        "sick from the start",
        "no recovery",
        "no fault",
        "trips by rate",
        "recovery too short",
        "open load",
        "random variation decides",
        "no page",
        "nothing answered",
        "calls not read",
    ],
)
def test_omits_claims_that_a_run_cannot_decide(judge: Judge, missing: set[str]) -> None:
    """A claim is left out when the run lacks what would decide it."""
    assert set(EVERY) - set(claims(judge)) == missing


ALWAYS = {REFUSES, BALANCE}
FAILS_NOBODY = {FAILS, DEADLINE, CATALOGUE, THROUGHPUT}
TRIPS = {V1_SERVES, SPARES, PROTECTS, RECOVERS}


@pytest.mark.parametrize(
    ("faults", "made"),
    [
        (["slow,delay_s=2"], ALWAYS | FAILS_NOBODY | TRIPS),
        (["error,status=503"], ALWAYS | FAILS_NOBODY | TRIPS),
        (["malformed"], ALWAYS | FAILS_NOBODY | TRIPS),
        (["error,status=404"], ALWAYS | FAILS_NOBODY | {V1_SERVES}),
        (["kill"], ALWAYS | FAILS_NOBODY | {V1_SERVES, PROTECTS}),
        (["stop"], ALWAYS | FAILS_NOBODY | {V1_SERVES, PROTECTS}),
        (["hang,rate=0.5"], ALWAYS | FAILS_NOBODY),
        (["hang,for_s=5"], ALWAYS | FAILS_NOBODY),
        (["slow,delay_s=0.2"], ALWAYS | FAILS_NOBODY),
        (["capacity"], ALWAYS | FAILS_NOBODY),
        (["product:hang"], ALWAYS),
        (["hang", "product:slow"], ALWAYS | TRIPS),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_claims_only_what_the_fault_can_show(faults: list[str], made: set[str]) -> None:
    """A fault that spares some calls makes no claim about a trip, and one of products makes none about pages."""
    assert set(claims(replace(GOOD, nature=nature_of(faults, GUARD, 1.0)))) == made


def test_error_trips_at_once() -> None:
    """A circuit that trips on errors need not wait until calls are slow."""
    errors = claims(replace(GOOD, nature=nature_of(["error"], GUARD, 1.0)))[PROTECTS]
    assert errors.threshold == pytest.approx(claims(GOOD)[PROTECTS].threshold - GUARD.slow_call_s)


def test_allows_as_many_calls_as_the_circuit_needs_to_trip() -> None:
    """When the circuit trips after more failures than the bulkhead holds, that many calls are allowed."""
    patient = GUARD.model_copy(update={"fail_max": 20})
    assert claims(replace(GOOD, guard=patient))[SPARES].threshold == 24


def test_allows_for_calls_that_enter_until_others_are_overdue() -> None:
    """A bulkhead of overdue calls lets others in meanwhile, and a fixed one does not."""
    fixed = claims(GOOD)[SPARES].threshold
    overdue = GUARD.model_copy(update={"bulkhead_overdue_after_s": 0.03})
    assert fixed < claims(replace(GOOD, guard=overdue))[SPARES].threshold <= fixed + 6


def test_long_run_decides_throughput_of_few_users() -> None:
    """The throughput of few users varies too much in a short run, but not in a long one."""
    few = ClosedLoad(users=3, pause_s=(1.0, 2.0), ramp_per_s=None, ceiling_per_s=2.0)
    short, long = (dict.fromkeys(Phase, length_s / 3) for length_s in (LENGTH_S, 12 * LENGTH_S))
    assert THROUGHPUT not in claims(replace(GOOD, experiment=experiment(few, short)))
    assert THROUGHPUT in claims(replace(GOOD, experiment=experiment(few, long)))


def test_fleet_is_judged_by_its_first_and_its_last_replica() -> None:
    """Replicas open and close one after the other, each sees its part of the pages, and each may make its calls."""
    took = [(0.8, 9.0), (1.4, 12.0)]
    made = claims(
        replace(
            GOOD,
            v2=v2(fault_to_open_s=1.4, heal_to_closed_s=12.0),
            replicas=[
                ReplicaResult(
                    circuit=[],
                    calls_let_through=0,
                    calls_refused=0,
                    fault_to_open_s=opened_s,
                    heal_to_closed_s=closed_s,
                )
                for opened_s, closed_s in took
            ],
        )
    )
    shown = {name: made[name].measured for name in made if name.startswith((PROTECTS, RECOVERS))}
    assert shown == {
        f"{PROTECTS}, the first replica": 0.8,
        f"{PROTECTS}, the last replica": 1.4,
        f"{RECOVERS}, the first replica": 9.0,
        f"{RECOVERS}, the last replica": 12.0,
    }
    assert made[SPARES].threshold == 2 * 14
    assert made[f"{PROTECTS}, the last replica"].threshold == 1.38  # 9 pages at 24 a second
