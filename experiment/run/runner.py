"""One run: the same load on both gateways at the same time, while the fault comes and goes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from experiment.errors import EnvironmentProblem
from experiment.faults import Faults, read_faults
from experiment.phases import Phase
from experiment.plan import Plan
from experiment.run.counts import Ledger, read_counts
from experiment.run.fault_switch import FaultSwitch, Processes, is_labelled
from experiment.run.generator import Generator
from experiment.run.shop import Shop
from experiment.run.timeline import FROM_THE_START, Clock, Story, Switch
from experiment.run.wall_clocks import WallClocks
from experiment.run.watch import Watch
from experiment.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS, RECOMMENDATIONS, Service
from experiment.signals import held_back
from experiment.waiting import wait_until
from load.request_log import RequestLog
from load.requests_table import Request

SHORT_NAMES = {GATEWAY_V1: "v1", GATEWAY_V2: "v2"}
TICK_S = 0.2
LAST_ANSWERS_S = 2.0  # time for requests in flight to be answered after the load
SETTLED_WITHIN_S = 90.0  # a shop that was already running may still be recovering


class Engine(Processes, Protocol):
    """Where the services run."""

    name: str


class View(Protocol):
    """Shows the progress of a run."""

    def show(self, recording: "Recording", new: dict[Service, list[Request]]) -> None:
        """Show the progress; `new` are the requests that began or ended since the last call."""


@dataclass
class Recording:
    """Everything that a run has recorded so far."""

    plan: Plan
    engine: str
    logs: dict[Service, RequestLog]
    generators: dict[Service, Generator]
    clock: Clock
    story: Story
    watch: Watch
    ledger: Ledger
    wall_clocks: WallClocks
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    complete: bool = False

    @property
    def faults(self) -> Faults:
        """Return what was put in during the fault phase."""
        return read_faults(self.plan.faults)


class Run:
    """Makes a run; `recording` has what was recorded so far, even if the run is interrupted."""

    def __init__(self, plan: Plan, engine: Engine, shop: Shop, folder: Path, view: View) -> None:
        """`folder` receives the raw logs and Locust's own reports."""
        self.recording: Recording | None = None  # None until the load begins
        self._plan = plan
        self._switch = FaultSwitch(shop, engine, read_faults(plan.faults), plan.phases_s.get(Phase.FAULT, 0.0))
        self._engine = engine
        self._shop = shop
        self._folder = folder
        self._view = view

    def run(self) -> Recording:
        """Run to the end.

        Raises:
            EnvironmentProblem: the shop or the load fails.
        """
        sick_from_the_start = Phase.HEALTHY not in self._plan.phases_s
        with self._switch.as_found():
            self._switch.clear()
            if sick_from_the_start:
                self._switch.inject()
            else:
                self._wait_until_settled()
            with self._generators() as generators:
                recording = self.recording = self._begin(generators)
                if sick_from_the_start:
                    recording.story.fault = FROM_THE_START
                try:
                    self._follow(recording)
                finally:
                    recording.watch.stop()
                    _note_end(recording)
            self._finish(recording)
        return recording

    def _begin(self, generators: dict[Service, Generator]) -> Recording:
        for generator in generators.values():
            generator.wait_until_ready()
        logs = {gateway: generator.log for gateway, generator in generators.items()}
        before = read_counts(self._shop)
        watch = Watch(self._shop)
        watch.start()
        begun_at = max(generator.begin() for generator in generators.values())
        story = Story()
        clock = Clock(begun_at)
        ledger = Ledger(before, None, None, is_labelled=is_labelled(self._switch.faults))
        clocks = self._shop.wall_clocks
        return Recording(self._plan, self._engine.name, logs, generators, clock, story, watch, ledger, clocks)

    def _follow(self, recording: Recording) -> None:
        for at_s, step in self._steps(recording):
            self._tick_until(recording, at_s)
            step()
        gives_up_s = recording.clock.now_s() + LAST_ANSWERS_S
        while recording.clock.now_s() < gives_up_s and any(log.in_flight for log in recording.logs.values()):
            self._tick(recording, gives_up_s)

    def _steps(self, recording: Recording) -> Iterator[tuple[float, Callable[[], None]]]:
        """Yield the time and the action of each step: inject the fault, remove it, end the load."""
        at_s = 0.0
        for phase, length_s in self._plan.phases_s.items():
            if phase is Phase.FAULT and at_s > 0:
                yield at_s, lambda: self._inject_fault(recording)
            if phase is Phase.RECOVERY:
                yield at_s, lambda: self._heal(recording)
            at_s += length_s
        yield at_s, lambda: None

    def _inject_fault(self, recording: Recording) -> None:
        recording.ledger.at_fault = read_counts(self._shop, (RECOMMENDATIONS,))
        ordered_s = recording.clock.now_s()
        self._switch.inject()
        recording.story.fault = Switch(ordered_s, recording.clock.now_s())

    def _heal(self, recording: Recording) -> None:
        recording.ledger.at_heal = read_counts(self._shop, (RECOMMENDATIONS,))
        ordered_s = recording.clock.now_s()
        self._switch.heal()
        recording.story.heal = Switch(ordered_s, recording.clock.now_s())

    def _tick_until(self, recording: Recording, at_s: float) -> None:
        while recording.clock.now_s() < at_s:
            self._tick(recording, at_s)

    def _tick(self, recording: Recording, until_s: float) -> None:
        time.sleep(max(0.0, min(TICK_S, until_s - recording.clock.now_s())))
        for generator in recording.generators.values():
            generator.check()
            generator.cpu.sample()
        self._view.show(recording, {gateway: log.read_more() for gateway, log in recording.logs.items()})

    def _finish(self, recording: Recording) -> None:
        """Read the rest of the logs and the counters after the load."""
        for log in recording.logs.values():
            log.read_more()
        for generator in recording.generators.values():
            generator.check_complete()
        recording.ledger.after = read_counts(self._shop)
        recording.complete = True

    @contextmanager
    def _generators(self) -> Iterator[dict[Service, Generator]]:
        generators: dict[Service, Generator] = {}
        try:
            for number, gateway in enumerate(GATEWAYS):
                with held_back():
                    generators[gateway] = Generator(
                        self._shop.urls[gateway],
                        self._plan.at(number),
                        html=self._folder / f"results_{SHORT_NAMES[gateway]}.html",
                        request_log=self._log_path(gateway),
                    )
            yield generators
        finally:
            with held_back():
                for generator in generators.values():
                    generator.stop()

    def _log_path(self, gateway: Service) -> Path:
        return self._folder / "logs" / f"requests_{SHORT_NAMES[gateway]}.log"

    def _wait_until_settled(self) -> None:
        """Wait until no effect of an earlier fault is left: the circuit is CLOSED and v1's threads are free."""
        self._wait_until(
            lambda: _is_closed(self._shop) and _is_free(self._shop),
            SETTLED_WITHIN_S,
            "the running shop to recover from its fault",
        )

    def _wait_until(self, condition: Callable[[], bool], within_s: float, what: str) -> None:
        if not wait_until(condition, within_s=within_s):
            raise EnvironmentProblem(f"waited {within_s:.0f} s in vain for {what}")


def _is_closed(shop: Shop) -> bool:
    return all(circuit["state"] == "CLOSED" for circuit in shop.circuit()["circuits"])


def _is_free(shop: Shop) -> bool:
    try:
        return shop.metrics(GATEWAY_V1, SETTLED_WITHIN_S).total("http_requests_in_flight") <= 1
    except EnvironmentProblem:  # all threads are busy, so even this request got no answer
        return False


def _note_end(recording: Recording) -> None:
    story = recording.story
    story.ends_s = recording.clock.now_s()
    story.load_ends_s = min(story.ends_s, recording.plan.duration_s)
