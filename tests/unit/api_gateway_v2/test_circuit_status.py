"""GET /circuit-status, of a circuit whose clock the tests move."""

from flask import Flask

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.circuit_status import circuit_status
from api_gateway_v2.guard import Guard
from support.circuits import ManualClock, fail


def test_transition_has_its_age(breaker: Breaker, clock: ManualClock) -> None:
    """The age of a transition is counted on the monotonic clock until the moment of the answer."""
    app = Flask(__name__)
    app.register_blueprint(circuit_status(Guard(breaker, max_concurrent=1, deadline_s=1, slow_call_s=1)))
    fail(breaker, 3)
    clock.move(2.5)
    (trip,) = app.test_client().get("/circuit-status").get_json()["transitions"]
    assert trip["age_s"] == 2.5
