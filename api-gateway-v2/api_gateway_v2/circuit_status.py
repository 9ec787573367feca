"""GET /circuit-status: where the circuit stands, and how it came there."""

from dataclasses import asdict

from flask import Blueprint
from flask.typing import ResponseReturnValue

from api_gateway_v2.guard import Guard


def circuit_status(guard: Guard) -> Blueprint:
    """Return the route that shows `guard`; it calls nothing and waits for nothing."""
    routes = Blueprint("circuit", __name__)

    @routes.get("/circuit-status")
    def show() -> ResponseReturnValue:
        breaker = guard.breaker
        due_in_s = breaker.probe_due_in_s()
        return {
            "name": breaker.name,
            "state": breaker.state,
            "control": breaker.control,
            "failure_count": breaker.failure_count,
            "fail_max": breaker.rules.fail_max,
            "failure_rate": breaker.rules.failure_rate,
            "reset_timeout_s": breaker.rules.reset_timeout_s,
            "retry_in_s": None if due_in_s is None else round(due_in_s, 3),
            "deadline_s": guard.deadline_s,
            "slow_call_s": guard.slow_call_s,
            "in_flight": guard.in_flight,
            "bulkhead": {"max_concurrent": guard.max_concurrent, "refused": guard.bulkhead_full},
            "calls": asdict(breaker.calls),
            "transitions": [
                {"at": t.at, "from": t.from_state, "to": t.to_state, "why": t.why} for t in list(breaker.transitions)
            ],
        }

    return routes
