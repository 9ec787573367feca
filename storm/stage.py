"""All that a trigger can reach while a storm is on: the servers, the load and the clock."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import BenchServer, Running
from benchmarks.under_test.lane import Lanes
from experiment.phases import Phase
from experiment.plan import Open, Plan
from experiment.run.generator import Generator
from experiment.run.timeline import Clock
from experiment.signals import held_back
from storm.ladder import StormRung
from storm.plan import SERVICE_S, StormPlan

LOOK_EVERY_S = 0.2
LOAD = "product-details"  # the pages that need recommendations


@dataclass
class Stage:
    """One run."""

    plan: StormPlan
    ladder: Sequence[StormRung]
    lanes: Lanes
    servers: Running
    seed: int
    logs: Path
    ends: ExitStack  # closed when the run is over
    generators: list[Generator] = field(default_factory=list)  # the load of the whole run is the first
    clock: Clock = field(default_factory=Clock)  # from the beginning of that load

    @property
    def dependencies(self) -> list[BenchServer]:
        """The recommendations service of each lane."""
        return [lane.recommendations for lane in self.lanes.lanes]

    def limit_capacity(self, **more: object) -> None:
        """Give every dependency its capacity, and an empty queue.

        Raises:
            EnvironmentProblem: one does not take it.
        """
        usual = {"kind": "capacity", "slots": self.plan.slots, "service_s": SERVICE_S}
        self.lanes.put_each([{**usual, **rung.capacity(self.plan.scale), **more} for rung in self.ladder])

    def ready_load(self, arrival_rate_per_s: float, lasts_s: float) -> Generator:
        """Return a load on all gateways that waits for its beginning; it ends with the run.

        Raises:
            EnvironmentProblem: it does not start.
        """
        number = len(self.generators)
        plan = Plan({Phase.HEALTHY: lasts_s}, Open(arrival_rate_per_s), self.seed + 1000 * number, only=LOAD)
        first, *others = self.lanes.urls
        with held_back():
            log = self.logs / f"storm-requests-{number}.log"
            generator = Generator(first, plan, request_log=log, also=others)
            self.ends.callback(_stop, generator)
            self.generators.append(generator)
        generator.wait_until_ready()
        return generator

    def wait(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            EnvironmentProblem: the load has failed.
        """
        until_s = self.clock.now_s() + seconds
        while (left_s := until_s - self.clock.now_s()) > 0:
            self.generators[0].check()
            time.sleep(min(left_s, LOOK_EVERY_S))


def _stop(generator: Generator) -> None:
    with held_back():
        generator.stop()
