"""The benchmark's gateways and its load, as processes."""

from pathlib import Path

import psutil
import pytest
from rich.console import Console

from benchmarks import gateways
from benchmarks.gateways import OURS, PEERS, BenchShop, Sizes
from experiment.errors import UsageError

SHORT = Sizes(healthy_rounds=1, healthy_s=0.2, hanging_s=0.2)


def test_a_peer_and_ours_under_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are measured, healthy and hanging; none of their processes is left."""
    compared = {PEERS[1], OURS}
    shop = BenchShop()
    shop.gateways = [gateway for gateway in shop.gateways if gateway.name in compared]
    monkeypatch.setattr(gateways, "BenchShop", lambda: shop)
    healthy, hanging = gateways.gateways(SHORT, tmp_path, Console(quiet=True))
    assert {result.gateway for result in hanging} == compared
    assert [result.gateway for result in healthy] == [gateway.name for gateway in shop.gateways] * 2
    for result in healthy:
        assert (result.requests > 0, result.failed, result.cpu_ms_per_answer > 0) == (True, 0, True)
    pids = [server.process.pid for server in shop.servers if server.process]
    assert len(pids) == len(shop.servers)
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_process_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark ends with one line that names it."""
    shop = BenchShop()
    shop.gateways = shop.gateways[1:2]
    shop.gateways[0].settings = {"PEER_GATEWAY_PROTECTION": "none that there is"}
    monkeypatch.setattr(gateways, "BenchShop", lambda: shop)
    with pytest.raises(UsageError, match=shop.gateways[0].name.replace("(", r"\(").replace(")", r"\)")):
        gateways.gateways(SHORT, tmp_path, Console(quiet=True))
    assert not any(psutil.pid_exists(server.process.pid) for server in shop.servers if server.process)
