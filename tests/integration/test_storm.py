"""The storm on real servers, small: without protection it stays, with the breaker it ends."""

from pathlib import Path

import pytest

from storm.ladder import BREAKER, UNPROTECTED
from storm.plan import TRIGGERS, StormPlan
from storm.storm_run import storm_run

LADDER = (UNPROTECTED, BREAKER)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_trigger_goes_and_the_outage_stays(trigger: str, tmp_path: Path) -> None:
    """The dependency gets several calls for each page, and works for callers who have left."""
    plan = StormPlan(trigger, well_s=3.0, after_s=20.0, stays_down_s=18.0)
    run = storm_run(plan, 1, tmp_path, LADDER).run
    unprotected, guarded = run.rungs
    assert run.trigger_from_s < run.trigger_to_s
    assert unprotected.pages.asked == guarded.pages.asked
    assert unprotected.down_share < guarded.down_share
    assert (unprotected.useless_share or 0) > (guarded.useless_share or 0)
    assert (unprotected.calls_per_page or 0) > 2 * (guarded.calls_per_page or 0)
