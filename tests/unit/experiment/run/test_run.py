"""One run, with a shop and load generators that only note what is done to them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from experiment.errors import EnvironmentProblem
from experiment.phases import Phase
from experiment.plan import Closed, Plan
from experiment.run import runner
from experiment.run.runner import Recording, Run
from experiment.services import GATEWAY_V1, GATEWAYS, PRODUCT, RECOMMENDATIONS, Service
from load.outcomes import Outcome, Route
from load.request_log import RequestLog, RequestLogWriter
from load.requests_table import Request
from shopkit.metrics_reader import Metrics
from support.readings import FakeShop, circuit, gateway_metrics

SHORT = dict.fromkeys(Phase, 0.05)
SLOW = {"kind": "slow", "delay_s": 1.0}


class FakeGenerator:
    """Makes two requests, the last of which is never answered; ends when told to."""

    problem = ""
    missing = ""

    def __init__(self, url: str, plan: Plan, *, request_log: Path, html: Path) -> None:
        self.seen = SimpleNamespace(url=url, plan=plan, html=html)
        self.cpu = SimpleNamespace(sample=lambda: None, share_max=0.0)
        self.stopped = False
        self.log = RequestLog(request_log)
        self._writer = RequestLogWriter(request_log)

    def wait_until_ready(self) -> None:
        """Be ready."""
        self.check()

    def begin(self) -> float:
        """Make the requests."""
        now = time.monotonic()
        self._writer.start(1, Route.CATALOGUE, now)
        self._writer.end(1, 200, Outcome.FULL)
        self._writer.start(2, Route.PRODUCT_DETAILS, now)
        return now

    def check(self) -> None:
        """Raise what is wrong with it."""
        if self.problem:
            raise EnvironmentProblem(self.problem)

    def check_complete(self) -> None:
        """Raise what is missing of it after its end."""
        if self.missing:
            raise EnvironmentProblem(self.missing)

    def stop(self) -> None:
        """End."""
        self.stopped = True
        self._writer.close()


class Broken(FakeGenerator):
    """Fails before it is ready."""

    problem = "no users"


class FakeEngine:
    """Notes what is done to processes."""

    name = "local"

    def __init__(self) -> None:
        self.done: list[str] = []

    def suspend(self, service: Service) -> None:
        """Note it."""
        self.done.append(f"suspend {service.name}")

    def resume(self, service: Service) -> None:
        """Note it."""
        self.done.append(f"resume {service.name}")

    def kill(self, service: Service) -> None:
        """Note it."""
        self.done.append(f"kill {service.name}")

    def restart(self, service: Service) -> None:
        """Note it."""
        self.done.append(f"restart {service.name}")


@dataclass
class Stage:
    """Where runs are made: what they have made, and what they show."""

    folder: Path
    shop: FakeShop = field(default_factory=FakeShop)
    engine: FakeEngine = field(default_factory=FakeEngine)
    faults: tuple[str, ...] = ("hang",)
    generators: list[FakeGenerator] = field(default_factory=list)
    shown: list[dict[Service, int]] = field(default_factory=list)
    on_show: Callable[[Recording], None] = lambda _: None

    def run(self, **phases_s: float) -> Run:
        """Return a run, not yet started, of these phases or of all of them."""
        plan = Plan(
            {Phase(phase): length_s for phase, length_s in phases_s.items()} or SHORT, Closed(3), 1, self.faults
        )
        return Run(plan, self.engine, self.shop, self.folder, self)

    def show(self, recording: Recording, new: dict[Service, list[Request]]) -> None:
        """Count what is new."""
        self.shown.append({gateway: len(requests) for gateway, requests in new.items()})
        self.on_show(recording)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Return a stage on which nobody waits long."""
    (tmp_path / "logs").mkdir()
    made = Stage(tmp_path)

    def generator(url: str, plan: Plan, *, request_log: Path, html: Path) -> FakeGenerator:
        made.generators.append(FakeGenerator(url, plan, request_log=request_log, html=html))
        return made.generators[-1]

    monkeypatch.setattr(runner, "Generator", generator)
    monkeypatch.setattr(runner, "TICK_S", 0.01)
    monkeypatch.setattr(runner, "LAST_ANSWERS_S", 0.05)
    return made


def test_fault_is_put_in_and_taken_out_in_order(stage: Stage) -> None:
    """Healthy first, whatever was found; then the fault, then none; the story has each moment."""
    recording = stage.run().run()
    assert stage.shop.done == ["healthy", "hang", "healthy", "healthy"]  # the last is what was found before
    story = recording.story
    assert story.fault is not None
    assert story.heal is not None
    assert 0.05 <= story.fault.ordered_s <= story.fault.done_s < story.heal.ordered_s <= story.heal.done_s
    assert story.heal.ordered_s >= 0.1
    assert list(story.spans()) == list(Phase)
    assert story.load_ends_s == pytest.approx(0.15)
    assert story.ends_s >= 0.2


def test_whole_run_is_complete(stage: Stage) -> None:
    """Its requests are read, the unanswered one too; the services were asked before and after; all is stopped."""
    running = stage.run()
    recording = running.run()
    assert recording is running.recording
    assert recording.complete
    assert recording.ledger.at_heal is not None
    assert recording.ledger.after is not None
    for gateway in GATEWAYS:
        found = recording.logs[gateway].requests
        assert [request.outcome for request in found.values()] == [Outcome.FULL, Outcome.UNANSWERED]
    assert [generator.stopped for generator in stage.generators] == [True, True]
    assert [generator.seen.html.name for generator in stage.generators] == ["results_v1.html", "results_v2.html"]


def test_view_is_told_of_each_request_as_it_begins_or_ends(stage: Stage) -> None:
    """Once for each change, at both gateways."""
    stage.run().run()
    assert {gateway: sum(new[gateway] for new in stage.shown) for gateway in GATEWAYS} == dict.fromkeys(GATEWAYS, 3)


def test_classic_run_is_sick_from_the_start(stage: Stage) -> None:
    """The fault is there before the load, and taken out only when all is over."""
    recording = stage.run(fault=0.05).run()
    assert stage.shop.done == ["healthy", "hang", "healthy"]
    assert list(recording.story.spans()) == [Phase.FAULT]
    assert (recording.story.heal, recording.ledger.at_heal) == (None, None)


def test_healthy_run_has_no_fault(stage: Stage) -> None:
    """One phase, and nothing is put in."""
    recording = stage.run(healthy=0.05).run()
    assert stage.shop.done == ["healthy", "healthy"]
    assert list(recording.story.spans()) == [Phase.HEALTHY]


@pytest.mark.parametrize("found", [None, SLOW])
@pytest.mark.parametrize("error", [KeyboardInterrupt, EnvironmentProblem, RuntimeError])
def test_interrupted_run_leaves_what_it_has(
    stage: Stage, error: type[BaseException], found: dict[str, Any] | None
) -> None:
    """It is not complete, and ends where it was interrupted; the fault found before is there again, the load ended."""
    stage.shop.found[RECOMMENDATIONS] = found

    def interrupt(recording: Recording) -> None:
        if recording.story.fault:
            raise error

    stage.on_show = interrupt
    running = stage.run(healthy=0.02, fault=60, recovery=60)
    with pytest.raises(error):
        running.run()
    assert stage.shop.done == ["healthy", "hang", found["kind"] if found else "healthy"]
    assert stage.shop.found[RECOMMENDATIONS] == found
    assert running.recording is not None
    assert not running.recording.complete
    assert running.recording.ledger.after is None
    assert 0 < running.recording.story.load_ends_s == running.recording.story.ends_s < 60
    assert all(generator.stopped for generator in stage.generators)
    assert running.recording.logs[GATEWAY_V1].requests


def test_shop_that_is_gone_does_not_hide_why_the_run_ended(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault found before can't be restored then, and need not be."""
    monkeypatch.setattr("experiment.run.fault_switch.RESTORES_WITHIN_S", 0.1)

    def crash(_: Recording) -> None:
        monkeypatch.setattr(stage.shop, "set_fault", lambda *_: _fail("gone"))
        raise KeyboardInterrupt

    stage.on_show = crash
    with pytest.raises(KeyboardInterrupt):
        stage.run().run()


def test_load_that_fails_ends_the_run(stage: Stage) -> None:
    """With what the generator said last."""

    def break_down(_: Recording) -> None:
        stage.generators[1].problem = "no space left"

    stage.on_show = break_down
    with pytest.raises(EnvironmentProblem, match="no space left"):
        stage.run(healthy=60).run()
    assert all(generator.stopped for generator in stage.generators)


def test_load_that_does_not_get_ready_leaves_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a load that is ready there is no recording, and no fault is left behind."""
    monkeypatch.setattr(runner, "Generator", Broken)
    running = stage.run()
    with pytest.raises(EnvironmentProblem, match="no users"):
        running.run()
    assert running.recording is None
    assert stage.shop.done == ["healthy", "healthy"]


def test_load_begins_when_nothing_is_left_of_an_earlier_fault(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The circuit is CLOSED again, and v1's threads are free again; until then a gateway may be silent."""
    states = iter(["OPEN", "HALF-OPEN"])
    threads: list[Metrics | None] = [None, gateway_metrics(in_flight=64)]
    asked: list[str] = []

    def metrics(service: Service, within_s: float = 0.0) -> Metrics:
        if service is GATEWAY_V1 and threads and not stage.generators:
            asked.append(f"threads within {within_s:g} s")
            return threads.pop(0) or _fail("silent")
        return FakeShop.metrics(stage.shop, service, within_s)

    def status(_of: Service) -> dict[str, Any]:
        asked.append("circuit")
        return circuit(next(states, "CLOSED"))

    monkeypatch.setattr(stage.shop, "metrics", metrics)
    monkeypatch.setattr(stage.shop, "circuit", status)
    assert stage.run(healthy=0.02).run().complete
    assert asked[:6] == ["circuit", "circuit", "circuit", "threads within 90 s", "circuit", "threads within 90 s"]


def test_shop_that_stays_sick_is_not_waited_for_for_ever(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what for."""
    monkeypatch.setattr(runner, "SETTLED_WITHIN_S", 0.1)
    monkeypatch.setattr(stage.shop, "circuit", lambda _of: circuit("OPEN"))
    with pytest.raises(EnvironmentProblem, match="for the running shop to recover from its fault"):
        stage.run().run()
    assert stage.generators == []


def test_fault_of_either_service_is_put_in(stage: Stage) -> None:
    """Each service that is to be sick has its fault in the fault phase, and none afterwards."""
    stage.faults = ("error,status=503", "product:slow,delay_s=2")
    seen: list[Any] = []
    stage.on_show = lambda recording: seen.append(dict(stage.shop.found)) if recording.story.fault else None
    stage.run().run()
    assert seen[0][RECOMMENDATIONS] == {"kind": "error", "rate": 1.0, "status": 503}
    assert seen[0][PRODUCT]["delay_s"] == 2
    assert stage.shop.found == {RECOMMENDATIONS: None, PRODUCT: None}


def test_process_is_suspended_or_killed_and_comes_back(stage: Stage) -> None:
    """Stop and kill are done to the process, healing undoes them, and a service that was killed starts cold."""
    stage.faults = ("kill,cold_s=3,cold_delay_s=0.2", "product:stop")
    stage.run().run()
    names = (RECOMMENDATIONS.name, PRODUCT.name)
    assert sorted(stage.engine.done[:2]) == [f"kill {names[0]}", f"suspend {names[1]}"]
    assert sorted(stage.engine.done[2:]) == [f"restart {names[0]}", f"resume {names[1]}"]
    assert stage.shop.done == ["healthy", "slow", "healthy"]


def test_interrupted_run_leaves_no_process_suspended(stage: Stage) -> None:
    """A process that was suspended runs on when the run is interrupted."""
    stage.faults = ("stop",)

    def interrupt(recording: Recording) -> None:
        if recording.story.fault:
            raise KeyboardInterrupt

    stage.on_show = interrupt
    with pytest.raises(KeyboardInterrupt):
        stage.run().run()
    assert stage.engine.done == ["suspend recommendations-service", "resume recommendations-service"]


def test_refusal_lasts_as_long_as_the_phase(stage: Stage) -> None:
    """A service that refuses connections does so for the fault phase, unless told for how long."""
    stage.faults = ("refuse",)
    seen: list[Any] = []
    stage.on_show = lambda recording: seen.append(stage.shop.found[RECOMMENDATIONS]) if recording.story.fault else None
    stage.run(healthy=0.02, fault=0.05).run()
    assert seen[0]["for_s"] == 0.05


def _fail(text: str) -> NoReturn:
    raise EnvironmentProblem(text)


def test_load_that_is_not_complete_is_no_run(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose load has not handed in all its requests ends with that problem, and is not complete."""
    monkeypatch.setattr(FakeGenerator, "missing", "a worker has not sent its last requests")
    run = stage.run()
    with pytest.raises(EnvironmentProblem, match="a worker has not sent its last requests"):
        run.run()
    assert run.recording is not None
    assert not run.recording.complete
    assert all(generator.stopped for generator in stage.generators)
