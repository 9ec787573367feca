"""`run_demo.py storm --hysteresis`: the load goes up in steps through the capacity, and down again.

The same load, and another goodput on the way down: then what the shop does depends on what has been, and that is what
makes the storm possible. Each step up adds a stream of visits, each step down ends one: Poisson processes add up.
"""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.under_test.pages import Series, series_of
from experiment.measure.claim import claim
from experiment.results.model import Claim
from experiment.run.timeline import Clock, Story
from report.console import stdout_console
from report.quantities import share
from report.table.model import Table
from report.table.terminal import rich_table
from storm.ladder import BREAKER, UNPROTECTED
from storm.plan import StormPlan
from storm.sample import GOOD, goodput
from storm.stage import Stage
from storm.storm_run import LAST_ANSWERS_S, rows_at, staged
from storm.terminal import print_claims

STEP_PER_S = 4  # visits
STEPS_UP = 6  # to 24/s, where 20 can be served
STEP_S = 12
STEPS = 2 * STEPS_UP - 1
BUSY_STEP = 2  # 12/s, well below the capacity
QUIET_STEP = 1
DOWN = 0.1
SEED = 1
LADDER = (UNPROTECTED, BREAKER)

Shares = Sequence[float]  # of whole pages, step by step


def hysteresis(logs: Path) -> int:
    """Measure and print; return 0 when every claim held, else 1.

    Raises:
        EnvironmentProblem: a service or the load fails.
    """
    console = stdout_console()
    console.print(f"{STEPS} steps of {STEP_S} s: {', '.join(f'{rate_per_s(step)}/s' for step in range(STEPS))}")
    logs.mkdir(parents=True, exist_ok=True)
    with staged(StormPlan(), SEED, logs, LADDER) as stage:
        unprotected, guarded = map(shares_of, _measured(stage))
    console.print(rich_table(table_of(unprotected, guarded)))
    found = claims(unprotected, guarded)
    print_claims(console, found)
    return 0 if all(one.held for one in found) else 1


def rate_per_s(step: int) -> int:
    """Return the visits a second of a step, from 0; the way down begins after the highest."""
    return STEP_PER_S * (1 + min(step, STEPS - 1 - step))


def _measured(stage: Stage) -> list[Series]:
    streams = [stage.ready_load(STEP_PER_S, STEP_S * (STEPS - 2 * number)) for number in range(STEPS_UP)]
    for number, stream in enumerate(streams):
        begun_at = stream.begin()
        if number == 0:
            stage.clock = Clock(begun_at)
        stage.wait(STEP_S * (number + 1) - stage.clock.now_s())
    load_ends_s = float(STEP_S * STEPS)
    stage.wait(load_ends_s + LAST_ANSWERS_S - stage.clock.now_s())
    story = Story(load_ends_s=load_ends_s, ends_s=stage.clock.now_s())
    return [series_of(rows_at(stage, lane, story), load_ends_s) for lane in range(len(stage.ladder))]


def shares_of(series: Series) -> Shares:
    """Return the goodput of each step."""
    return [goodput(series, step * STEP_S, (step + 1) * STEP_S) for step in range(STEPS)]


def table_of(unprotected: Shares, guarded: Shares) -> Table:
    """Return the loop: each load on the way up, and on the way down."""
    rows = []
    for step in range(STEPS_UP):
        back = STEPS - 1 - step
        ways = (unprotected[step], unprotected[back], guarded[step], guarded[back])
        rows.append([str(rate_per_s(step)), *map(share, ways)])
    columns = ("visits/s", "unprotected, up", "down", "breaker, up", "down")
    return Table("Goodput: whole pages, of those asked for", columns, rows)


def claims(unprotected: Shares, guarded: Shares) -> list[Claim]:
    """Return what the loop must show."""
    up, down = BUSY_STEP, STEPS - 1 - BUSY_STEP
    busy, quiet = (f"{rate_per_s(step)}/s" for step in (BUSY_STEP, QUIET_STEP))
    name = f"with the breaker there is no loop: goodput at {quiet} on the way down"
    return [
        claim(f"unprotected, goodput at {busy} on the way up", unprotected[up], ">=", GOOD, "share"),
        claim(f"unprotected, at the same {busy} on the way down", unprotected[down], "<=", DOWN, "share"),
        claim(name, guarded[STEPS - 1 - QUIET_STEP], ">=", GOOD, "share"),
    ]
