"""Storms, made up: the unprotected rung and the backoff stay down, the others come back, and so it is in the loop."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from benchmarks.under_test.pages import Pages, Series
from storm.claims import claims
from storm.ladder import BACKOFF, BREAKER, LADDER, UNPROTECTED
from storm.model import CallAccounts, DependencySeries, Loop, LoopRung, Run, RungRun, Storm
from storm.plan import StormPlan
from storm.run import Measurement

ASKED_PER_S = 14
WELL_S, TRIGGER_S, AFTER_S = 6, 8, 30
PLAN = StormPlan(well_s=float(WELL_S), after_s=float(AFTER_S), stays_down_s=20.0)
STAY_DOWN = (UNPROTECTED.name, BACKOFF.name)


def a_rung_run(
    name: str,
    *,
    down_share: float | None = None,
    recovered_after_s: float | None = None,
    calls_per_page: float = 1.1,
    waiting: int = 1158,
) -> RungRun:
    """Return a rung that is down to the end, or comes back after some seconds."""
    down_s = AFTER_S if recovered_after_s is None else round(recovered_after_s)
    whole = [ASKED_PER_S] * WELL_S + [0] * (TRIGGER_S + down_s) + [ASKED_PER_S] * (AFTER_S - down_s)
    seconds = WELL_S + TRIGGER_S + AFTER_S
    asked = [ASKED_PER_S] * seconds
    without = [a - w for a, w in zip(asked, whole, strict=True)] if name == BREAKER.name else [0] * seconds
    share = (20 - min(20, down_s)) / 20 if down_share is None else down_share
    return RungRun(
        name=name,
        pages=Pages(
            asked=sum(asked),
            good=sum(whole) + sum(without),
            with_recommendations=sum(whole),
            failed=0,
            unanswered=0,
            p50_ms=110.0,
            p99_ms=4000.0,
        ),
        well_share=1.0,
        down_share=share,
        down_best_share=share,
        recovered_after_s=recovered_after_s,
        calls_per_page=calls_per_page,
        useless_share=0.97 if recovered_after_s is None else 0.2,
        accounts=CallAccounts(arrived=1450, useful=80, useless=200, refused=10, waiting=waiting),
        series=Series(asked=asked, with_recommendations=whole, without=without, late=[0] * seconds),
        dependency=DependencySeries(
            calls=[14] * WELL_S + [None] * TRIGGER_S + [round(14 * calls_per_page)] * AFTER_S,
            useful=whole_or_not(whole),
            useless=[20 - min(20, count) for count in whole],
            waiting=[0] * WELL_S + [None] * TRIGGER_S + [40 * second for second in range(AFTER_S)],
        ),
    )


def whole_or_not(whole: Sequence[int]) -> list[int | None]:
    """Return the useful work, which is not known while the dependency is stopped."""
    return [None if WELL_S <= second < WELL_S + TRIGGER_S else count for second, count in enumerate(whole)]


def a_run(seed: int = 1, *rungs: RungRun) -> Run:
    """Return a run as it should be, with these rungs in the place of its own."""
    usual = {
        rung.name: a_rung_run(
            rung.name,
            recovered_after_s=None if rung.name in STAY_DOWN else 4.0,
            calls_per_page=4.0 if rung.name in STAY_DOWN else 1.1,
        )
        for rung in LADDER
    }
    found = usual | {rung.name: rung for rung in rungs}
    return Run(seed=seed, trigger_from_s=WELL_S, trigger_to_s=WELL_S + TRIGGER_S, rungs=list(found.values()))


UP = [1.0, 1.0, 1.0, 0.98, 0.9, 0.4]
DOWN, CLOSED = [0.0, 0.0, 0.05, 0.0, 0.0], [0.6, 0.98, 1.0, 1.0, 1.0]


def a_loop(*, unprotected: Sequence[float] = DOWN, guarded: Sequence[float] = CLOSED) -> Loop:
    """Return the loop with these goodputs on the way down."""
    ways = {UNPROTECTED.name: unprotected, BREAKER.name: guarded}
    rungs = [LoopRung(name=name, goodput=[*UP, *down]) for name, down in ways.items()]
    return Loop(step_s=PLAN.step_s, visits_per_s=PLAN.steps_per_s, rungs=rungs)


def a_storm(*runs: Run, seeds: int = 1, with_loop: bool = True) -> Storm:
    """Return a storm of these runs, or of one that is as it should be."""
    measurement = Measurement(replace(PLAN, seeds=seeds), Path(), Console(), runs=list(runs) or [a_run()])
    measurement.loop = a_loop() if with_loop else None
    return measurement.storm()


def unheld(*runs: Run, loop: Loop | None = None) -> list[str]:
    """Return the names of the claims that these runs and the loop break."""
    return [claim.name for claim in claims(runs, loop or a_loop(), PLAN) if not claim.held]
