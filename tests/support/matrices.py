"""Matrices, made up: each second of a fault, every gateway gets as many good pages as a test says."""

from collections.abc import Mapping

from benchmarks.under_test.pages import Pages, Series
from matrix.measurement import Measurement, Step, conditions_of
from matrix.model import Matrix, Sample
from matrix.plan import BUSY, CAPACITY, HANG, SLOW, MatrixPlan

ASKED_PER_S = 8
WELL_S, FAULT_S, RECOVERY_S = 3, 12, 12
FLAKY = "error,rate=0.1"
GATEWAYS = ("none", "timeout", "naive-retry", "budgeted-retry", "textbook-breaker", "guard", "mesh")
# pages a second that are good with recommendations, and good without
Good = tuple[int, int]
TYPICAL: dict[str, tuple[Good, ...]] = {
    BUSY: ((8, 0), (8, 0), (8, 0), (8, 0), (0, 0), (8, 0), (5, 0)),
    HANG: ((0, 0), (0, 0), (0, 0), (0, 0), (0, 5), (0, 8), (0, 0)),
    SLOW: ((0, 0), (0, 0), (0, 0), (0, 0), (0, 5), (0, 8), (0, 0)),
    CAPACITY: ((1, 0), (1, 0), (0, 0), (1, 0), (0, 4), (1, 7), (1, 0)),
    FLAKY: ((7, 0), (7, 0), (8, 0), (8, 0), (7, 1), (7, 1), (7, 0)),
}
CALLS = {"none": 96, "naive-retry": 250}


def a_sample(good: Good, *, seed: int = 1, calls: int | None = 10) -> Sample:
    """Return a run in which so many pages were good in each second of the fault, and all others failed."""
    whole, without = good
    lost = ASKED_PER_S - whole - without
    return Sample(
        seed=seed,
        pages=Pages(
            asked=ASKED_PER_S * FAULT_S,
            good=(whole + without) * FAULT_S,
            with_recommendations=whole * FAULT_S,
            failed=lost * FAULT_S,
            unanswered=0,
            p50_ms=5.0,
            p99_ms=2100.0,
        ),
        catalogue=Pages(asked=24, good=20, with_recommendations=20, failed=4, unanswered=0, p50_ms=3.0, p99_ms=30.0),
        calls=calls,
        useless_work=3,
        protected_after_s=None if lost else 0.5,
        recovered_after_s=11.0,
        fault_from_s=float(WELL_S),
        fault_to_s=float(WELL_S + FAULT_S),
        series=Series(
            asked=_seconds(ASKED_PER_S, ASKED_PER_S),
            with_recommendations=_seconds(ASKED_PER_S, whole),
            without=_seconds(0, without),
            late=_seconds(0, 0),
        ),
    )


def a_measurement(
    good: Mapping[str, tuple[Good, ...]] = TYPICAL, *, seeds: int = 1, more_seeds: int = 0
) -> Measurement:
    """Return a measurement with one run of every cell, of `seeds` that are asked for."""
    plan = MatrixPlan(tuple(good), GATEWAYS[: len(next(iter(good.values())))], seeds, more_seeds, float(FAULT_S))
    measurement = Measurement(conditions_of(plan))
    for fault, of_gateways in good.items():
        samples = dict(zip(plan.gateways, of_gateways, strict=True))
        step = Step(fault, 1, plan.gateways)
        measurement.add(step, {name: a_sample(one, calls=CALLS.get(name, 10)) for name, one in samples.items()})
    return measurement


def a_matrix(good: Mapping[str, tuple[Good, ...]] = TYPICAL, *, complete: bool = True) -> Matrix:
    """Return a matrix with one run of every cell."""
    return a_measurement(good).matrix(complete=complete)


def _seconds(well: int, sick: int) -> list[int]:
    return [well] * WELL_S + [sick] * FAULT_S + [well] * RECOVERY_S
