"""GET /circuit-status: the state of the circuits and their history."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from api_gateway_v2.fleet.member import Member
from api_gateway_v2.guard import Guard
from api_gateway_v2.transitions import Transition


def circuit_status(guards: Sequence[Guard[Any]], member: Member | None = None) -> Blueprint:
    """Return the route that shows `guards`, the first one at the top as well, and the fleet where there is one.

    It calls no dependency and never blocks.
    """
    routes = Blueprint("circuit", __name__)

    @routes.get("/circuit-status")
    def show() -> ResponseReturnValue:
        circuits = [_circuit(guard) for guard in guards]
        return circuits[0] | {"circuits": circuits, "fleet": member and _fleet(member)}

    return routes


def _circuit(guard: Guard[Any]) -> dict[str, object]:
    settings, now = guard.breaker.settings, guard.snapshot()
    circuit, due_in_s = now.circuit, now.circuit.probe_due_in_s
    bulkhead = asdict(now.bulkhead)
    return {
        "name": guard.breaker.name,
        "state": circuit.state,
        "control": circuit.control,
        "admitted_share": round(circuit.admitted_share, 3),
        "failure_count": circuit.failure_count,
        "fail_max": settings.fail_max,
        "failure_rate": settings.failure_rate,
        "slow_call_rate": settings.slow_call_rate,
        "reset_timeout_s": settings.reset_timeout_s,
        "retry_in_s": None if due_in_s is None else round(due_in_s, 3),
        "deadline_s": guard.deadline_s,
        "patience_s": guard.patience_s,
        "slow_call_s": settings.slow_call_s,
        "in_flight": bulkhead.pop("in_flight"),
        "bulkhead": bulkhead,
        "calls": asdict(circuit.calls),
        "transitions": [_shown(transition, circuit.taken_at_s) for transition in circuit.transitions],
    }


def _fleet(member: Member) -> dict[str, object]:
    """Return who shares, and what the others said last."""
    now_s, others = member.clock(), member.fleet.others()
    return {
        "replica": member.fleet.replica,
        "sharing": member.alone_because is None,
        "alone_because": member.alone_because,
        "early_openings": {circuit.breaker.name: circuit.early_openings for circuit in member.fleet.circuits},
        "others": [
            {
                "replica": name,
                "age_s": round(now_s - heard.at_s, 3),
                "circuits": [one.model_dump() for one in heard.evidence.circuits],
            }
            for name, heard in sorted(others.items())
        ],
    }


def _shown(transition: Transition, now_s: float) -> dict[str, object]:
    """Return a transition with its age on the monotonic clock, which callers whose wall clock differs go by."""
    return {
        "at": transition.at,
        "age_s": round(now_s - transition.at_s, 3),
        "from": transition.from_state,
        "to": transition.to_state,
        "why": transition.reason,
    }
