"""The states of v2's circuit over the run, or of its replicas' circuits, from the transitions that they reported."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from experiment.results.model import StateSpan
from experiment.run.runner import Recording
from experiment.run.timeline import Clock
from experiment.run.watch import Transition, merged
from experiment.services import Service


def last_statuses(recording: Recording) -> dict[Service, dict[str, Any]]:
    """Return the last /circuit-status of each circuit that could be read."""
    after = recording.ledger.after
    at_end = after.circuits if after else {}
    found = {of: at_end.get(of) or watch.last for of, watch in recording.watch.circuits.items()}
    return {of: status for of, status in found.items() if status}


def circuits_of(recording: Recording) -> dict[Service, list[StateSpan]]:
    """Return the states of each circuit that could be read; those of a replica that has ended go until then."""
    ends_s = recording.story.ends_s
    return {
        of: state_spans(
            _transitions(recording, of, status), status["state"], recording.clock, _heard_until_s(recording, of, ends_s)
        )
        for of, status in last_statuses(recording).items()
    }


def _transitions(recording: Recording, of: Service, last: dict[str, Any]) -> list[Transition]:
    """Return each transition once, in order: those seen during the run, and those of the last status.

    The gateway keeps only its latest transitions, and the last look may have missed some.
    """
    return merged(recording.watch.circuits[of].transitions, last["transitions"])


def _heard_until_s(recording: Recording, of: Service, ends_s: float) -> float:
    after, heard_at = recording.ledger.after, recording.watch.circuits[of].poller.succeeded_at
    has_ended = after is not None and of not in after.circuits and heard_at is not None
    return min(ends_s, recording.clock.of(heard_at)) if has_ended and heard_at else ends_s


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


def mean_time_in_state_s(circuits: Sequence[Sequence[StateSpan]], from_s: float, to_s: float) -> dict[str, float]:
    """Return the time that the circuits spent in each state, on average."""
    times: Counter[str] = Counter()
    for spans in circuits:
        times.update(time_in_state_s(spans, from_s, to_s))
    return {state: round(time_s / len(circuits), 3) for state, time_s in times.items()}


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


def last_after(circuits: Sequence[Sequence[StateSpan]], state: str, at_s: float) -> float | None:
    """Return when the last circuit came to a state, at or after a moment; None if one never did, or there is none.

    A circuit whose gateway ended before it came there is not waited for.
    """
    ends_s = max((spans[-1].to_s for spans in circuits), default=0.0)
    firsts = [(spans, first_after(spans, state, at_s)) for spans in circuits]
    awaited = [first_s for spans, first_s in firsts if first_s is not None or spans[-1].to_s == ends_s]
    known_s = [first_s for first_s in awaited if first_s is not None]
    return max(known_s) if known_s and len(known_s) == len(awaited) else None
