"""The storm on real servers, small: without protection it stays, with the breaker it ends."""

from pathlib import Path

import pytest

from storm.hysteresis import loop_of
from storm.ladder import BREAKER, NEWEST_FIRST, UNPROTECTED
from storm.plan import StormPlan
from storm.storm_run import staged, storm_run
from storm.trigger import burst, kill

LADDER = (UNPROTECTED, NEWEST_FIRST, BREAKER)


@pytest.mark.slow
def test_trigger_goes_and_the_outage_stays(tmp_path: Path) -> None:
    """The dependency gets several calls for each page, and works for callers who have left."""
    plan = StormPlan(trigger_s=4.0, well_s=3.0, after_s=14.0, stays_down_s=13.0)
    run = storm_run(plan, 1, tmp_path, LADDER).run
    unprotected, newest_first, guarded = run.rungs
    assert run.trigger_from_s < run.trigger_to_s
    assert unprotected.pages.asked == newest_first.pages.asked == guarded.pages.asked
    assert unprotected.down_share < min(newest_first.down_share, guarded.down_share)
    assert (unprotected.useless_share or 0) > (guarded.useless_share or 0)
    assert (unprotected.calls_per_page or 0) > 2 * (guarded.calls_per_page or 0)
    for rung in run.rungs:
        assert rung.accounts
        assert abs(rung.accounts.rest) <= 2 * plan.slots


@pytest.mark.slow
def test_other_triggers_come_and_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A burst is more visits; a dependency that was killed is there again afterwards, with another process."""
    monkeypatch.setattr("storm.trigger.DOWN_S", 0.1)
    monkeypatch.setattr("storm.trigger.COLD_S", 0.1)
    with staged(StormPlan(trigger_s=1.0), 1, tmp_path, (BREAKER,)) as stage:
        stage.ready_load(stage.plan.arrival_rate_per_s, 60.0).begin()
        from_s, to_s = burst(stage)
        assert to_s - from_s >= 1.0
        more = stage.generators[1].logs[0]
        more.read_more()
        assert more.requests
        [dependency] = stage.dependencies
        before = dependency.process
        kill(stage)
        assert dependency.process is not before
        assert dependency.process
        assert dependency.process.is_running


@pytest.mark.slow
def test_load_goes_up_and_down_on_real_servers(tmp_path: Path) -> None:
    """Every step has its goodput, and the first is well."""
    loop = loop_of(StormPlan(step_s=1.0), tmp_path)
    unprotected, guarded = (rung.goodput for rung in loop.rungs)
    assert len(unprotected) == len(guarded) == len(loop.visits_per_s)
    assert min(unprotected[0], guarded[0]) > 0.5
