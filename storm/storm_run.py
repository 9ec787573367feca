"""All rungs side by side through one storm: well, the trigger, and the time after it, each with the same requests."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import running
from benchmarks.under_test.lane import Lanes
from experiment.measure.rows import rows_of
from experiment.results.requests_file import RequestRow
from experiment.run.timeline import Clock, Story, Switch
from load.request_log import RequestLog
from storm.dependency import Watched
from storm.ladder import LADDER, StormRung, gateway_threads
from storm.model import Run
from storm.plan import ATTEMPTS, TIMEOUT_S, StormPlan
from storm.sample import rung_run_of
from storm.stage import Stage
from storm.trigger import TRIGGERS

LAST_ANSWERS_S = ATTEMPTS * TIMEOUT_S + 3.0  # the longest page, and pauses between attempts


@dataclass(frozen=True, slots=True)
class Followed:
    """A run, and when its pages were asked for."""

    run: Run
    arrivals_s: list[float]


def storm_run(plan: StormPlan, seed: int, logs: Path, ladder: Sequence[StormRung] = LADDER) -> Followed:
    """Make the run.

    Raises:
        EnvironmentProblem: a service or the load fails.
    """
    with staged(plan, seed, logs, ladder) as stage:
        watched = [Watched(server.url) for server in stage.dependencies]
        for one in watched:
            one.poller.start()
            stage.ends.callback(one.poller.stop)
        return _follow(stage, watched)


@contextmanager
def staged(plan: StormPlan, seed: int, logs: Path, ladder: Sequence[StormRung]) -> Iterator[Stage]:
    """Run the servers of these rungs during the block, each dependency with its capacity.

    Raises:
        EnvironmentProblem: a service does not start.
    """
    lanes = Lanes([rung.gateway for rung in ladder])
    for lane, rung in zip(lanes.lanes, ladder, strict=True):
        lane.server.settings = {**lane.server.settings, "GATEWAY_THREADS": str(gateway_threads(plan.scale))}
        lane.recommendations.settings = {"RECOMMENDATIONS_SERVICE_THREADS": str(rung.threads(plan.scale))}
    with running(lanes.servers, logs) as servers, ExitStack() as ends:
        stage = Stage(plan, ladder, lanes, servers, seed, logs, ends)
        stage.limit_capacity()
        yield stage


def _follow(stage: Stage, watched: Sequence[Watched]) -> Followed:
    plan = stage.plan
    load = stage.ready_load(plan.arrival_rate_per_s, plan.longest_s)
    stage.clock = Clock(load.begin())
    stage.wait(plan.well_s)
    from_s, to_s = TRIGGERS[plan.trigger](stage)
    stage.wait(plan.after_s)
    load_ends_s = stage.clock.now_s()
    stage.wait(LAST_ANSWERS_S)
    ends_s = stage.clock.now_s()
    story = Story(Switch(from_s, from_s), Switch(to_s, to_s), load_ends_s=load_ends_s, ends_s=ends_s)
    rows = rows_of_lanes(stage, story)
    rungs = [
        rung_run_of(rung.name, of_rung, story, plan.stays_down_s, one.counted(stage.clock))
        for rung, of_rung, one in zip(stage.ladder, rows, watched, strict=True)
    ]
    run = Run(seed=stage.seed, trigger_from_s=round(from_s, 3), trigger_to_s=round(to_s, 3), rungs=rungs)
    return Followed(run, [row.intended_s for row in rows[0]])


def rows_of_lanes(stage: Stage, story: Story) -> list[list[RequestRow]]:
    """Return the requests at each gateway, of all loads, up to the end of the story's load."""
    lanes: list[list[RequestRow]] = [[] for _ in stage.ladder]
    for generator in stage.generators:
        found = [_rows(stage, lane, log, story) for lane, log in enumerate(generator.logs)]
        for lane, rows in zip(lanes, asked_of_all(found, story.load_ends_s), strict=True):
            lane.extend(rows)
    return lanes


def asked_of_all(lanes: Sequence[list[RequestRow]], until_s: float) -> list[list[RequestRow]]:
    """Return the requests of a load up to this time that every gateway got.

    The gateways get a page a part of the mean pause apart, so that the last one can lie on both sides of that time.
    """
    count = min(sum(row.intended_s <= until_s for row in rows) for rows in lanes)
    return [rows[:count] for rows in lanes]


def _rows(stage: Stage, lane: int, log: RequestLog, story: Story) -> list[RequestRow]:
    log.read_more()
    return rows_of(log.requests.values(), stage.ladder[lane].name, stage.clock, story, open_load=True)
