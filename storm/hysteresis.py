"""The loop: the load goes up in steps through the capacity, and down again.

The same load, and another goodput on the way down: then what the shop does depends on what has been, and that is what
makes the storm possible. Each step up adds a stream of visits, each step down ends one: Poisson processes add up.
"""

from itertools import pairwise
from pathlib import Path

from benchmarks.under_test.pages import Series, series_of
from experiment.run.timeline import Clock, Story
from storm.ladder import BREAKER, UNPROTECTED
from storm.model import Loop, LoopRung
from storm.plan import STEP_PER_S, STEPS_UP, StormPlan
from storm.sample import goodput
from storm.stage import Stage
from storm.storm_run import LAST_ANSWERS_S, rows_of_lanes, staged

SEED = 1
LADDER = (UNPROTECTED, BREAKER)


def loop_of(plan: StormPlan, logs: Path) -> Loop:
    """Measure it.

    Raises:
        EnvironmentProblem: a service or the load fails.
    """
    with staged(plan, SEED, logs, LADDER) as stage:
        found = _measured(stage)
    rungs = [
        LoopRung(name=rung.name, goodput=goodput_of(series, plan)) for rung, series in zip(LADDER, found, strict=True)
    ]
    return Loop(step_s=plan.step_s, visits_per_s=plan.steps_per_s, rungs=rungs)


def _measured(stage: Stage) -> list[Series]:
    plan = stage.plan
    steps = len(plan.steps_per_s)
    rate_per_s = STEP_PER_S * plan.scale
    streams = [stage.ready_load(rate_per_s, plan.step_s * (steps - 2 * number)) for number in range(STEPS_UP)]
    for number, stream in enumerate(streams):
        begun_at = stream.begin()
        if number == 0:
            stage.clock = Clock(begun_at)
        stage.wait(plan.step_s * (number + 1) - stage.clock.now_s())
    load_ends_s = plan.step_s * steps
    stage.wait(load_ends_s + LAST_ANSWERS_S - stage.clock.now_s())
    story = Story(load_ends_s=load_ends_s, ends_s=stage.clock.now_s())
    return [series_of(rows, load_ends_s) for rows in rows_of_lanes(stage, story)]


def goodput_of(series: Series, plan: StormPlan) -> list[float]:
    """Return the goodput of each step."""
    begins = [round(step * plan.step_s) for step in range(len(plan.steps_per_s) + 1)]
    return [goodput(series, begin, end) for begin, end in pairwise(begins)]
