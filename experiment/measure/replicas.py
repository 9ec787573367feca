"""What each replica of v2 did."""

from collections.abc import Mapping
from typing import Any

from experiment.measure.checks import settled_calls
from experiment.measure.circuit import first_after, last_statuses
from experiment.results.model import ReplicaResult, StateSpan
from experiment.run.counts import minus
from experiment.run.runner import Recording
from experiment.run.timeline import Switch
from experiment.services import GATEWAY_V2, Service


def replicas_of(recording: Recording, circuits: Mapping[Service, list[StateSpan]]) -> dict[str, ReplicaResult]:
    """Return the results of each replica that could be read; none where v2 is one gateway."""
    last, before = last_statuses(recording), recording.ledger.before.circuits
    return {
        of.name: _result(recording, spans, before.get(of), last[of])
        for of, spans in circuits.items()
        if of != GATEWAY_V2
    }


def _result(
    recording: Recording, spans: list[StateSpan], before: dict[str, Any] | None, last: dict[str, Any]
) -> ReplicaResult:
    story = recording.story
    return ReplicaResult(
        circuit=spans,
        calls_let_through=minus(settled_calls(last), settled_calls(before) if before else None),
        calls_refused=minus(_refused(last), _refused(before) if before else None),
        fault_to_open_s=_took_s(spans, "OPEN", story.fault),
        heal_to_closed_s=_took_s(spans, "CLOSED", story.heal),
    )


def _refused(status: dict[str, Any]) -> int:
    return int(status["calls"]["short_circuited"])


def _took_s(spans: list[StateSpan], state: str, switch: Switch | None) -> float | None:
    at_s = first_after(spans, state, switch.ordered_s) if switch else None
    return None if at_s is None or switch is None else round(at_s - switch.ordered_s, 3)
