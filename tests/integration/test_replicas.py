"""Three replicas of v2 behind Envoy, of which one is killed in the middle of a run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo.engines.local import LocalEngine
from experiment.measure.assemble import assemble
from experiment.measure.rows import requests_of
from experiment.phases import Phase
from experiment.plan import Closed, Plan
from experiment.replicas import replicas_of_v2, shop_with
from experiment.run.runner import Recording, Run
from experiment.run.shop import Shop
from experiment.services import GATEWAY_V2, SERVICES, Service, urls
from load.outcomes import Outcome
from load.requests_table import Request

FreePorts = Callable[[int], list[int]]

REPLICAS = replicas_of_v2(3)
VICTIM = REPLICAS[1]
# products that a busy machine makes slow are neither failed nor refused
SETTINGS = {"BREAKER_RESET_TIMEOUT_S": "1", "PRODUCT_DEADLINE_S": "20", "PRODUCT_SLOW_CALL_S": "10"}
PLAN = Plan({Phase.HEALTHY: 3.0, Phase.FAULT: 5.0, Phase.RECOVERY: 6.0}, Closed(60), seed=1)


@contextmanager
def running(logs: Path) -> Iterator[tuple[LocalEngine, Shop]]:
    """Run the shop, with a balancer before the replicas."""
    engine, services = LocalEngine(), shop_with(REPLICAS)
    with engine.running(services, logs):
        yield engine, Shop(urls(services), replicas=REPLICAS)


class Killer:
    """A view that kills a replica as soon as the fault is in: pages then wait there for recommendations."""

    def __init__(self, engine: LocalEngine) -> None:
        self._engine = engine
        self.killed_s: float | None = None

    def show(self, recording: Recording, new: dict[Service, list[Request]]) -> None:
        """Kill it, once."""
        if recording.story.fault and self.killed_s is None and any(new.values()):
            self.killed_s = recording.clock.now_s()
            self._engine.kill(VICTIM)


@pytest.mark.slow
def test_killed_replica_costs_no_page(free_ports: FreePorts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The balancer asks another replica for the pages that the killed one owes, and nobody notices."""
    asked = (*SERVICES, *REPLICAS)
    for service, port in zip(asked, free_ports(len(asked)), strict=True):
        monkeypatch.setenv(service.port_variable, str(port))
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "logs").mkdir()
    with running(tmp_path / "logs") as (engine, shop):
        killer = Killer(engine)
        recording = Run(PLAN, engine, shop, tmp_path, killer).run()
    rows = requests_of(recording)
    report = assemble(recording, rows)

    assert killer.killed_s is not None
    assert report.timeline.healed_s is not None
    early = [row for row in rows[GATEWAY_V2] if row.intended_s < report.timeline.healed_s]  # with time for an answer
    assert {row.outcome for row in early} <= {Outcome.FULL, Outcome.DEGRADED}
    assert report.gateways[GATEWAY_V2.name].whole_run.all_routes.accounts.failed == 0
    assert report.gateways[GATEWAY_V2.name].phases[Phase.RECOVERY].product_details.accounts.full > 0

    victim, *others = (report.replicas[one.name] for one in (VICTIM, REPLICAS[0], REPLICAS[2]))
    assert victim.circuit[-1].to_s < killer.killed_s + 1
    for other in others:
        assert {"CLOSED", "OPEN", "HALF-OPEN"} == {span.state for span in other.circuit}
        assert other.heal_to_closed_s is not None
    unread = {check.what for check in report.checks if check.held is None}
    assert unread >= {f"{pages} that {GATEWAY_V2.name} answered" for pages in ("product pages", "catalogue pages")}
    assert [check.what for check in report.checks if check.held is False] == []
