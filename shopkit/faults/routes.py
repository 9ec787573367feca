"""Faults in a Flask application: GET, PUT, DELETE /faults, and the routes that a fault can hit."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, make_response, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Counter, Gauge
from pydantic import ValidationError

from shopkit.errors import ApiError
from shopkit.faults import wire
from shopkit.faults.callers import Callers
from shopkit.faults.effects import Effects, NotWorkedOn
from shopkit.faults.injector import FaultInjector
from shopkit.faults.vocabulary import FAULT, Fault, Refuse, shown
from shopkit.validation import first_problem

View = Callable[..., Any]


class Faults:
    """The faults of one service."""

    def __init__(self, fault: Fault | None = None, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """`fault` is there from the start; faults wait with `sleep`."""
        self._injector = FaultInjector()
        self._injector.inject(fault)
        self._effects = Effects(self._injector, sleep)

    def init_app(self, app: Flask, *, hits: tuple[str, ...], counted_as: str) -> None:
        """Add /faults to `app`, let faults hit the endpoints `hits`, and count their calls as `counted_as`_calls."""
        count = _Counts(app.extensions["metrics"], counted_as, self._injector)
        for endpoint in hits:
            app.view_functions[endpoint] = self._may_hit(app.view_functions[endpoint], count)

        @app.get("/faults")
        def get_fault() -> ResponseReturnValue:
            return {"fault": shown(self._injector.fault)}

        @app.put("/faults")
        def put_fault() -> ResponseReturnValue:
            fault = _fault_of(request.get_data())
            self._injector.inject(fault)
            _refuse_connections(app, fault.for_s if isinstance(fault, Refuse) else 0.0)
            return get_fault()

        @app.delete("/faults")
        def delete_fault() -> ResponseReturnValue:
            self._injector.inject(None)
            _refuse_connections(app, 0.0)  # an open connection may heal it
            return get_fault()

    def _may_hit(self, view: View, count: "_Counts") -> View:
        @wraps(view)
        def hit_or_spared(**arguments: Any) -> Response:
            count.arrived()
            answer = make_response(view(**arguments))  # an invalid request keeps its error
            hit = self._injector.hit(_product_id(arguments))
            end = count.answered
            try:
                return self._effects.on(answer, hit) if hit else answer
            except NotWorkedOn:
                end = count.refused
                raise
            finally:
                end()

        return hit_or_spared


class _Counts:
    """Counts calls on arrival, so that a call that hangs is counted while it hangs, and work when it is done."""

    def __init__(self, registry: CollectorRegistry, name: str, faults: FaultInjector) -> None:
        self._faults = faults
        self._callers = Callers()
        self._calls = Counter(f"{name}_calls", "Calls that arrived", ["caller", "fault"], registry=registry)
        self._work = Counter(
            f"{name}_work",
            "Calls that were worked on, by whether the caller was still there",
            ["caller", "awaited"],
            registry=registry,
        )
        self._refused = Counter(
            f"{name}_refused_calls",
            "Calls that were answered without any work: the queue was full, or their deadline had passed",
            ["caller"],
            registry=registry,
        )
        waiting = Gauge(f"{name}_waiting_calls", "Calls that wait for a slot (the fault capacity)", registry=registry)
        waiting.set_function(faults.waiting)

    def arrived(self) -> None:
        fault = self._faults.fault
        self._calls.labels(self._callers.name(request.user_agent.string), fault.kind if fault else "none").inc()

    def answered(self) -> None:
        self._work.labels(self._callers.name(request.user_agent.string), "yes" if wire.caller_waits() else "no").inc()

    def refused(self) -> None:
        self._refused.labels(self._callers.name(request.user_agent.string)).inc()


def _refuse_connections(app: Flask, for_s: float) -> None:
    if refuse := app.extensions.get("refuse_connections"):  # the test client has no server
        refuse(for_s)


def _fault_of(body: bytes) -> Fault:
    try:
        return FAULT.validate_json(body, strict=True)
    except ValidationError as error:
        problem = first_problem(error)
        raise ApiError(400, "not a fault", field=problem.field, reason=problem.message) from None


def _product_id(arguments: dict[str, str]) -> int | None:
    return int(arguments["product_id"]) if "product_id" in arguments else None
