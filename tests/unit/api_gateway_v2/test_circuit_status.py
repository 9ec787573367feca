"""GET /circuit-status, of a circuit whose clock the tests move."""

from flask import Flask

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.bulkhead import Bulkhead, FixedLimit
from api_gateway_v2.circuit_status import circuit_status
from api_gateway_v2.direct_guard import DirectGuard
from api_gateway_v2.probe_call import ProbeCall
from support.circuits import ManualClock, fail


def test_transition_has_its_age(breaker: Breaker, clock: ManualClock) -> None:
    """The age of a transition is counted on the monotonic clock until the moment of the answer."""
    app = Flask(__name__)
    guard = DirectGuard(breaker, Bulkhead(FixedLimit(1), 1), ProbeCall(lambda: None), deadline_s=1)
    app.register_blueprint(circuit_status([guard]))
    fail(breaker, 3)
    clock.move(2.5)
    (trip,) = app.test_client().get("/circuit-status").get_json()["transitions"]
    assert trip["age_s"] == 2.5
