"""What every run of the storm must show."""

import pytest

from storm.ladder import BREAKER, BUDGET, UNPROTECTED
from storm.model import RungRun
from support.storms import CLOSED, DOWN, a_loop, a_run, a_rung_run, unheld


def test_storm_as_it_should_be_holds_every_claim() -> None:
    """Unprotected it stays, with the breaker it ends, and retries multiply calls only without a budget."""
    assert unheld(a_run(1), a_run(2)) == []


@pytest.mark.parametrize(
    ("rung", "says"),
    [
        (a_rung_run(UNPROTECTED.name, down_share=0.11, calls_per_page=4.0), "stays down"),
        (a_rung_run(UNPROTECTED.name, calls_per_page=3.0), "multiply"),
        (a_rung_run(BREAKER.name, recovered_after_s=16.5), "breaker"),
        (a_rung_run(BREAKER.name), "breaker"),
        (a_rung_run(BUDGET.name, recovered_after_s=4.0, calls_per_page=1.2), "budget"),
        (a_rung_run(BUDGET.name, recovered_after_s=4.0, waiting=1140), "balance"),
    ],
)
def test_one_run_of_many_breaks_a_claim(rung: RungRun, says: str) -> None:
    """The worst run decides."""
    [broken] = unheld(a_run(1), a_run(2, rung), a_run(3))
    assert says in broken


def test_loop_must_stay_open_without_protection_and_close_with_it() -> None:
    """The claims compare the two ways of the same load."""
    open_and_closed = unheld(a_run(), loop=a_loop(unprotected=CLOSED, guarded=DOWN))
    assert [name.partition(":")[0] for name in open_and_closed] == [
        "unprotected, goodput at the same 12 visits/s on the way down",
        "with the breaker there is no loop",
    ]
