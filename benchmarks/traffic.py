"""Traffic to one gateway while a benchmark measures: the load of the experiment, of product pages unless told."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from experiment.measure.rows import rows_of
from experiment.measure.summary import summarize
from experiment.phases import Phase
from experiment.plan import Closed, Open, Plan
from experiment.results.model import RouteResult
from experiment.results.requests_file import RequestRow
from experiment.run.generator import Generator
from experiment.run.timeline import Clock, Story
from experiment.signals import held_back

SEED = 1  # the same products and pauses for every gateway
POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Traffic:
    """A load that has begun; `clock` counts from then."""

    generator: Generator
    clock: Clock
    duration_s: float

    def wait_for_end(self, patience_s: float) -> None:
        """Return when the load is over and its last requests are answered, or have had `patience_s` seconds more.

        Raises:
            EnvironmentProblem: the generator fails.
        """
        log = self.generator.log
        time.sleep(max(0.0, self.duration_s - self.clock.now_s()))
        log.read_more()
        while log.in_flight and self.clock.now_s() < self.duration_s + patience_s:
            time.sleep(POLL_S)
            log.read_more()
        self.generator.check()

    def result(self, warm_up_s: float) -> RouteResult:
        """Sum up the requests that started after the warm-up; one still unanswered counts with its wait so far."""
        now_s = self.clock.now_s()
        self.generator.log.read_more()
        requests = self.generator.log.requests.values()
        rows = [with_wait(row, now_s) for row in rows_of(requests, "", self.clock, Story(), open_load=False)]
        return summarize([row for row in rows if row.intended_s >= warm_up_s], warm_up_s, self.duration_s)


@contextmanager
def traffic(
    url: str, load: Closed | Open, duration_s: float, logs: Path, *, only: str = "product-details"
) -> Iterator[Traffic]:
    """Begin a load with the block, and end it with the block, or after `duration_s` if that is sooner.

    Raises:
        EnvironmentProblem: the generator does not start.
    """
    with planned_traffic(url, Plan({Phase.HEALTHY: duration_s}, load, SEED, only=only), logs) as begun:
        yield begun


@contextmanager
def planned_traffic(url: str, plan: Plan, logs: Path) -> Iterator[Traffic]:
    """Do and raise as `traffic` does, with a plan of the caller's own."""
    with ready_generator(url, plan, logs) as generator:
        yield Traffic(generator, Clock(generator.begin()), plan.duration_s)


@contextmanager
def ready_generator(url: str, plan: Plan, logs: Path) -> Iterator[Generator]:
    """Start a generator, which waits to be told to begin; end it, and raise, as `traffic` does."""
    with held_back():
        generator = Generator(url, plan, request_log=logs / "bench-requests.log")
    try:
        generator.wait_until_ready()
        yield generator
    finally:
        with held_back():
            generator.stop()


def with_wait(row: RequestRow, now_s: float) -> RequestRow:
    """Return the request; one still unanswered with its wait so far."""
    if row.started_s is None or row.ended_s is not None:
        return row
    return replace(row, ended_s=now_s, latency_ms=(now_s - row.started_s) * 1000)
