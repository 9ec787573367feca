"""The benchmark's gateways and its load, as processes."""

from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from benchmarks import gateways
from benchmarks.fleet.replicas import FLEET, INTERLOCK, REPLICAS
from benchmarks.fleet.run import outage, poison
from benchmarks.gateways import Sizes
from benchmarks.load_ceiling import ceilings
from benchmarks.observing import CONNECTIONS, REQUESTS, observing
from benchmarks.redis_server import redis_running
from benchmarks.under_test.registry import GUARD, NONE, PEERS, TEXTBOOK
from benchmarks.under_test.shop import ShopUnderTest
from experiment.errors import EnvironmentProblem, UsageError
from support.redis import require_redis

SHORT = Sizes(healthy_rounds=1, healthy_s=1.5, hanging_s=0.2)  # longer than a busy machine stalls


@pytest.mark.slow
def test_a_peer_and_ours_under_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are measured, healthy and hanging; none of their processes is left."""
    compared = (PEERS[0], GUARD)
    shop = ShopUnderTest(compared)
    monkeypatch.setattr(gateways, "ShopUnderTest", lambda _: shop)
    healthy, moderate, hanging = gateways.gateways(SHORT, tmp_path, Console(quiet=True), compared)
    names = [gateway.name for gateway in compared]
    assert [result.gateway for result in hanging] == names
    assert [result.gateway for result in moderate] == [GUARD.name]
    assert [result.gateway for result in healthy] == names * 2
    for result in healthy:
        assert (result.requests > 0, result.failed, result.cpu_ms_per_answer > 0) == (True, 0, True)
    pids = [server.process.pid for server in shop.servers if server.process]
    assert len(pids) == len(shop.servers)
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_gateway_that_answers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark ends with one line that names the gateway, because there is nothing to measure."""
    monkeypatch.setattr(gateways, "RECOMMENDATIONS_S", 60.0)
    monkeypatch.setattr(gateways, "PATIENCE_S", 0.0)
    with pytest.raises(EnvironmentProblem, match=r"none answered nothing in 0\.1 s"):  # v1 waits 30 s
        gateways.gateways(replace(SHORT, healthy_s=0.1), tmp_path, Console(quiet=True), [NONE])


def test_a_process_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark ends with one line that names it."""
    shop = ShopUnderTest([TEXTBOOK])
    shop.gateways[TEXTBOOK].settings = {"UNDER_TEST_NAME": "none that there is"}
    monkeypatch.setattr(gateways, "ShopUnderTest", lambda _: shop)
    with pytest.raises(UsageError, match=TEXTBOOK.name):
        gateways.gateways(SHORT, tmp_path, Console(quiet=True), [TEXTBOOK])
    assert not any(psutil.pid_exists(server.process.pid) for server in shop.servers if server.process)


@pytest.mark.slow
def test_fleet_and_its_peer(tmp_path: Path) -> None:
    """The outage of a fleet, and the peer's replicas beside one with a sick path, are measured on real processes."""
    require_redis()
    quiet = Console(quiet=True)
    with redis_running(tmp_path / "redis.log") as redis:
        hung = outage(FLEET, redis, tmp_path, quiet, fault_s=4.0)
        poisoned = poison(INTERLOCK, redis, tmp_path, quiet, fault_s=1.0)
    assert hung.probes is not None
    assert 0 < hung.probes < hung.calls
    assert len(hung.fault_to_open_s or []) == len(poisoned.others) + 1 == REPLICAS
    assert [(other.accounts.scheduled > 0, other.accounts.failed) for other in poisoned.others] == [(True, 0)] * 2


@pytest.mark.slow
def test_cost_of_metrics_and_logs(tmp_path: Path) -> None:
    """Both gateways are measured with their circuits OPEN, and only the one with a log has a line for each page."""
    cost = observing(2, tmp_path, Console(quiet=True))

    assert min(cost.with_cpu_ms, cost.without_cpu_ms, cost.with_per_s.minimum, cost.without_per_s.minimum) > 0
    assert (tmp_path / "bench-api-gateway-v2.log").read_text().count('"circuit": "OPEN"') == 2 * CONNECTIONS * REQUESTS
    assert "/product-details" not in (tmp_path / "bench-v2-unobserved.log").read_text()


@pytest.mark.slow
def test_ceiling_of_the_load_generator(tmp_path: Path) -> None:
    """One process and two workers are measured against a stub that fails nothing, and leave no process behind."""
    alone, shared = ceilings([0, 2], 1.5, tmp_path)

    assert (alone.failed, shared.failed, alone.master_us) == (0, 0, 0.0)
    assert min(alone.per_s, shared.per_s, alone.worker_us, shared.worker_us) > 0
    children = [" ".join(process.cmdline()) for process in psutil.Process().children(recursive=True)]
    assert not [command for command in children if "locust" in command or "stub_shop" in command]
