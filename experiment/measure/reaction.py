"""How long users went unprotected after the fault began, and how long recovery took after it was removed."""

from collections.abc import Iterable, Sequence

from experiment.measure.circuit import last_after
from experiment.measure.summary import is_good
from experiment.results.model import Reaction, StateSpan
from experiment.results.requests_file import RequestRow
from experiment.run.timeline import Story
from load.outcomes import Outcome


def reaction(pages: Sequence[RequestRow], story: Story, circuits: Sequence[Sequence[StateSpan]]) -> Reaction:
    """Return a gateway's reaction, from its product pages and its circuit, or those of its replicas."""
    fault_s = story.fault.ordered_s if story.fault else None
    heal_s = story.heal.ordered_s if story.heal else None
    return Reaction(
        fault_to_open_s=_since(fault_s, None if fault_s is None else last_after(circuits, "OPEN", fault_s)),
        fault_to_first_fast_answer_s=_since(fault_s, _first_fast_s(pages, story)),
        heal_to_closed_s=_since(heal_s, None if heal_s is None else last_after(circuits, "CLOSED", heal_s)),
        heal_to_first_full_answer_s=_since(heal_s, None if heal_s is None else _first_full_s(pages, heal_s)),
        heal_to_normal_s=_since(heal_s, None if heal_s is None else _normal_from_s(pages, heal_s)),
    )


def _since(from_s: float | None, to_s: float | None) -> float | None:
    return None if from_s is None or to_s is None else round(to_s - from_s, 3)


def _first_fast_s(pages: Iterable[RequestRow], story: Story) -> float | None:
    """Return the end of the first good page among those asked for while the fault was certainly in place."""
    ends_s = story.heal.ordered_s if story.heal else story.ends_s
    return min(
        (p.ended_s for p in pages if p.phase == "fault" and is_good(p) and p.ended_s and p.ended_s <= ends_s),
        default=None,
    )


def _first_full_s(pages: Iterable[RequestRow], heal_s: float) -> float | None:
    return min(
        (p.ended_s for p in pages if p.outcome is Outcome.FULL and p.ended_s and p.ended_s >= heal_s), default=None
    )


def _normal_from_s(pages: Sequence[RequestRow], heal_s: float) -> float | None:
    """Return the end of the last page that was not full and fast; None when no page was asked for after it."""
    later = [p for p in pages if p.ended_s is None or p.ended_s >= heal_s]
    bad = [p for p in later if not (p.outcome is Outcome.FULL and is_good(p))]
    if any(p.ended_s is None for p in bad):
        return None
    last_bad_s = max((p.ended_s for p in bad if p.ended_s), default=heal_s)
    followed = any(p.intended_s > last_bad_s for p in later)
    return last_bad_s if followed else None
