"""GET /circuit-status: the state of the circuit and its history."""

from dataclasses import asdict

from flask import Blueprint
from flask.typing import ResponseReturnValue

from api_gateway_v2.guard import Guard
from api_gateway_v2.transitions import Transition


def circuit_status(guard: Guard) -> Blueprint:
    """Return the route that shows `guard`. It calls no dependency and never blocks."""
    routes = Blueprint("circuit", __name__)

    @routes.get("/circuit-status")
    def show() -> ResponseReturnValue:
        breaker, now = guard.breaker, guard.snapshot()
        circuit, due_in_s = now.circuit, now.circuit.probe_due_in_s
        return {
            "name": breaker.name,
            "state": circuit.state,
            "control": circuit.control,
            "failure_count": circuit.failure_count,
            "fail_max": breaker.settings.fail_max,
            "failure_rate": breaker.settings.failure_rate,
            "reset_timeout_s": breaker.settings.reset_timeout_s,
            "retry_in_s": None if due_in_s is None else round(due_in_s, 3),
            "deadline_s": guard.deadline_s,
            "slow_call_s": guard.slow_call_s,
            "in_flight": now.in_flight,
            "bulkhead": {"max_concurrent": guard.max_concurrent, "refused": now.bulkhead_full},
            "calls": asdict(circuit.calls),
            "transitions": [_shown(transition, circuit.taken_at_s) for transition in circuit.transitions],
        }

    return routes


def _shown(transition: Transition, now_s: float) -> dict[str, object]:
    """Return a transition with its age on the monotonic clock, which callers whose wall clock differs go by."""
    return {
        "at": transition.at,
        "age_s": round(now_s - transition.at_s, 3),
        "from": transition.from_state,
        "to": transition.to_state,
        "why": transition.reason,
    }
