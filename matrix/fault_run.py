"""All gateways side by side through one fault: well, sick, and well again, each with the same requests."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.processes import running
from benchmarks.under_test.lane import Lanes
from benchmarks.under_test.registry import GatewayUnderTest
from experiment.measure.rows import rows_of
from experiment.phases import Phase
from experiment.plan import Open, Plan
from experiment.run.generator import Generator
from experiment.run.timeline import Clock, Story, Switch
from experiment.signals import held_back
from matrix.model import Sample
from matrix.plan import ARRIVAL_RATE_PER_S, MatrixPlan
from matrix.rows import Row
from matrix.sample import Readings, sample_of

LOOK_EVERY_S = 0.2


def fault_run(
    row: Row, gateways: Sequence[GatewayUnderTest], seed: int, plan: MatrixPlan, logs: Path
) -> dict[str, Sample]:
    """Make the run; return what each gateway did, by name.

    Raises:
        EnvironmentProblem: a service or the load fails.
    """
    lanes = Lanes(gateways, of_product=row.of_product)
    phases_s = {Phase.HEALTHY: plan.well_s, Phase.FAULT: plan.fault_s, Phase.RECOVERY: plan.recovery_s}
    load = Plan(phases_s, Open(ARRIVAL_RATE_PER_S), seed)
    first, *others = lanes.urls
    with running(lanes.servers, logs):
        with held_back():
            generator = Generator(first, load, request_log=logs / "matrix-requests.log", also=others)
        try:
            generator.wait_until_ready()
            return _follow(row, lanes, load, generator)
        finally:
            with held_back():
                generator.stop()


def _follow(row: Row, lanes: Lanes, load: Plan, generator: Generator) -> dict[str, Sample]:
    clock, story = Clock(generator.begin()), Story()
    _wait(generator, clock, load.ends_s(Phase.HEALTHY))
    before = lanes.counts()
    story.fault = _switch(clock, lambda: lanes.put(row.body(load.phases_s[Phase.FAULT])) if row.fault else None)
    _wait(generator, clock, load.ends_s(Phase.FAULT))
    at_heal = lanes.counts()
    story.heal = _switch(clock, lanes.heal)
    _wait(generator, clock, load.duration_s)
    after = lanes.counts()
    story.load_ends_s, story.ends_s = load.duration_s, clock.now_s()
    samples = {}
    for lane, log, *read in zip(lanes.lanes, generator.logs, before, at_heal, after, strict=True):
        log.read_more()
        rows = rows_of(log.requests.values(), lane.gateway.name, clock, story, open_load=True)
        samples[lane.gateway.name] = sample_of(load.seed, rows, story, Readings(*read))
    return samples


def _switch(clock: Clock, do: Callable[[], None]) -> Switch:
    ordered_s = clock.now_s()
    do()
    return Switch(ordered_s, clock.now_s())


def _wait(generator: Generator, clock: Clock, until_s: float) -> None:
    while (left_s := until_s - clock.now_s()) > 0:
        generator.check()
        time.sleep(min(left_s, LOOK_EVERY_S))
