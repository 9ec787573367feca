"""What the search for the limits must show."""

import pytest

from storm.ladder import BREAKER
from storm.limits import claims
from storm.search import Interval
from storm.storm_run import Followed
from support.storms import a_run, a_rung_run

WELL = Followed(a_run(), [])
MEASURED = (1.0, 1.125)


def held(simulated: Interval | None, *made: Followed) -> list[bool]:
    """Return which claims hold, with this answer of the model and these runs."""
    return [claim.held for claim in claims([WELL, *made], MEASURED, simulated)]


@pytest.mark.parametrize(("simulated", "agrees"), [((1.0, 1.125), True), ((1.25, 1.375), False), (None, False)])
def test_model_must_agree_within_a_fifth(simulated: Interval | None, agrees: bool) -> None:
    """With the middle of what was measured; a model in which nothing is lethal does not agree."""
    assert held(simulated) == [True, agrees, True]


def test_no_stall_may_be_lethal_with_the_breaker() -> None:
    """Nor may the shop take longer than a cooldown, a probe and 5 s."""
    assert held(MEASURED, Followed(a_run(1, a_rung_run(BREAKER.name)), [])) == [True, True, False]
    assert [one.held for one in claims([WELL], None, MEASURED)] == [False, False, True]
