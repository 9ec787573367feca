"""The states of v2's circuit over the run, from the transitions that it reported."""

from collections.abc import Sequence
from typing import Any

from experiment.results.model import StateSpan
from experiment.run.runner import Recording
from experiment.run.timeline import Clock
from experiment.run.watch import Transition, merged


def last_status(recording: Recording) -> dict[str, Any] | None:
    """Return the last /circuit-status that could be read."""
    after = recording.ledger.after
    return (after.circuit if after else None) or recording.watch.circuit.latest


def transitions_of(recording: Recording) -> list[Transition]:
    """Return each transition once, in order: those seen during the run, and those of the last status.

    The gateway keeps only its latest transitions, and the last look may have missed some.
    """
    status = last_status(recording)
    return merged(recording.watch.transitions(), status["transitions"] if status else [])


def state_spans(transitions: Sequence[Transition], state_now: str, clock: Clock, ends_s: float) -> list[StateSpan]:
    """Return the states without gaps; `state_now` is the state of a circuit that reported no transition."""
    changes = [(clock.of(t["at_s"]), t) for t in transitions]
    changes = [(at_s, t) for at_s, t in changes if 0 <= at_s < ends_s]
    first = changes[0][1]["from"] if changes else state_now
    begins = [(0.0, first, ""), *((at_s, t["to"], t["why"]) for at_s, t in changes)]
    ends = [*(begin[0] for begin in begins[1:]), ends_s]
    return [
        StateSpan.model_validate({"state": state, "from_s": round(from_s, 3), "to_s": round(to_s, 3), "why": why})
        for (from_s, state, why), to_s in zip(begins, ends, strict=True)
    ]


def time_in_state_s(spans: Sequence[StateSpan], from_s: float, to_s: float) -> dict[str, float]:
    """Return the time spent in each state between two moments."""
    times: dict[str, float] = {}
    for span in spans:
        inside_s = min(span.to_s, to_s) - max(span.from_s, from_s)
        if inside_s > 0:
            times[span.state] = round(times.get(span.state, 0.0) + inside_s, 3)
    return times


def first_after(spans: Sequence[StateSpan], state: str, at_s: float) -> float | None:
    """Return when the circuit was first in a state, at or after a moment; None if it never was."""
    return next((max(span.from_s, at_s) for span in spans if span.state == state and span.to_s > at_s), None)
