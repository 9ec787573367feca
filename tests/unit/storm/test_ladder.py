"""The rungs of the storm."""

import pytest

from shopkit.faults.vocabulary import Capacity
from storm.ladder import BOUNDED, LADDER, MOST_THREADS, NEWEST_FIRST, UNPROTECTED, StormRung, gateway_threads


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.name)
def test_dependency_takes_what_its_rung_says(rung: StormRung) -> None:
    """Every parameter is one of the fault's."""
    assert Capacity.model_validate(rung.capacity(1))


def test_lengths_and_threads_grow_with_the_scale() -> None:
    """A queue that fits two slots fits six when it is three times as long; threads have a limit."""
    assert BOUNDED.capacity(3) == {"obeys_deadline": True, "queue": 24}
    assert NEWEST_FIRST.capacity(3) == {"obeys_deadline": False, "newest_first_beyond": 24}
    assert (gateway_threads(2), gateway_threads(20)) == (512, 1024)
    assert (BOUNDED.threads(2), UNPROTECTED.threads(2)) == (1024, MOST_THREADS)
