"""The times of protection and of recovery."""

import pytest

from experiment.measure.reaction import reaction
from experiment.phases import Phase
from experiment.results.model import Reaction, StateSpan
from experiment.results.requests_file import RequestRow
from load.outcomes import Outcome
from support.report_parts import NO_REACTION
from support.rows import row
from support.story import story

STORY = story(fault=(10.0, 10.1), heal=(20.0, 20.1), load_ends_s=40.0)
CIRCUIT = [
    StateSpan(state="CLOSED", from_s=0, to_s=11, why=""),
    StateSpan(state="OPEN", from_s=11, to_s=28, why="slow calls"),
    StateSpan(state="CLOSED", from_s=28, to_s=42, why="probe"),
]


def page(outcome: Outcome, at_s: float, took_ms: float = 5.0) -> RequestRow:
    """Return a product page, in the phase of its moment."""
    return row(outcome, at_s, took_ms, phase=STORY.phase_of(at_s))


def react(*pages: RequestRow, circuit: list[StateSpan] | None = None) -> Reaction:
    """Return what was measured on these pages."""
    return reaction(pages, STORY, [circuit] if circuit else [])


def test_protected_gateway_reacts() -> None:
    """A protected gateway soon gives fast degraded answers, and full ones after its circuit closes."""
    pages = [
        page(Outcome.FULL, 9.0),
        page(Outcome.DEGRADED, 10.05, 900),  # asked for while the fault was being put in
        page(Outcome.DEGRADED, 10.2, 1500),
        page(Outcome.DEGRADED, 11.5),
        page(Outcome.DEGRADED, 27.0),
        page(Outcome.FULL, 28.5),
        page(Outcome.FULL, 39.0),
    ]
    assert react(*pages, circuit=CIRCUIT) == Reaction(
        fault_to_open_s=1.0,
        fault_to_first_fast_answer_s=1.505,
        heal_to_closed_s=8.0,
        heal_to_first_full_answer_s=8.505,
        heal_to_normal_s=7.005,
    )


def test_naive_gateway_waits_for_the_last_hanging_page() -> None:
    """A naive gateway gives no fast answer in the fault, and is normal once its last hanging page has ended."""
    pages = [page(Outcome.FAILED, 11.0, 30_000), page(Outcome.FULL, 20.5, 4000), page(Outcome.FULL, 41.5)]
    assert react(*pages) == Reaction(
        fault_to_open_s=None,
        fault_to_first_fast_answer_s=None,
        heal_to_closed_s=None,
        heal_to_first_full_answer_s=4.5,
        heal_to_normal_s=21.0,
    )


def test_answer_after_the_fault_is_no_protection() -> None:
    """A page asked for in the fault but answered after it is no sign of protection."""
    assert react(page(Outcome.FULL, 19.9, 500)).fault_to_first_fast_answer_s is None


def test_fast_failure_is_no_fast_answer() -> None:
    """A failure has no product information, however fast it comes."""
    assert react(page(Outcome.FAILED, 12.0)).fault_to_first_fast_answer_s is None


@pytest.mark.parametrize(
    "late", [(Outcome.UNANSWERED, 12.0), (Outcome.UNANSWERED, 38.0), (Outcome.UNSENT, 38.0), (Outcome.FAILED, 39.0)]
)
def test_not_normal_while_a_page_is_bad(late: tuple[Outcome, float]) -> None:
    """A gateway is not normal while a page waits, or when no page was asked for after the last bad one."""
    assert react(page(Outcome.FULL, 25.0), page(*late), page(Outcome.FULL, 39.0)).heal_to_normal_s is None


def test_normal_at_once_when_no_bad_page_is_left() -> None:
    """A bad page that ended before the fault was removed does not delay recovery."""
    assert react(page(Outcome.FAILED, 12.0), page(Outcome.FULL, 21.0)).heal_to_normal_s == 0


def test_circuit_that_stays_open_never_recovers() -> None:
    """A circuit that stays OPEN to the end has no recovery times."""
    took = react(page(Outcome.DEGRADED, 12.0), page(Outcome.DEGRADED, 39.0), circuit=CIRCUIT[:2])
    assert took.fault_to_first_fast_answer_s == 2.005
    assert (took.heal_to_closed_s, took.heal_to_first_full_answer_s, took.heal_to_normal_s) == (None, None, None)


def test_slow_page_is_not_normal() -> None:
    """A full answer that is too slow delays the return to normal."""
    assert react(page(Outcome.FULL, 25.0, 1001), page(Outcome.FULL, 30.0, 1000)).heal_to_normal_s == 6.001


def test_no_reaction_without_a_fault() -> None:
    """A run that had no fault has no reaction times."""
    pages = [row(Outcome.FULL, 1.0), row(Outcome.DEGRADED, 2.0)]
    assert reaction(pages, story(None, None), [CIRCUIT]) == NO_REACTION


def test_measures_only_protection_without_a_recovery() -> None:
    """A run that ends in the fault has times of protection but none of recovery."""
    pages = [row(Outcome.DEGRADED, 12.0, phase=Phase.FAULT)]
    took = reaction(pages, story((10.0, 10.1), None), [CIRCUIT])
    assert (took.fault_to_open_s, took.fault_to_first_fast_answer_s) == (1.0, 2.005)
    assert took.heal_to_closed_s is took.heal_to_first_full_answer_s is took.heal_to_normal_s is None
