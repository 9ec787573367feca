"""The guard of api-gateway-v2, put together from its settings, with its routes and its events."""

from collections.abc import Callable

from flask import Flask

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.circuit_control import circuit_control
from api_gateway_v2.circuit_status import circuit_status
from api_gateway_v2.event_log import EventLog
from api_gateway_v2.event_metrics import EventMetrics
from api_gateway_v2.guard import Guard
from api_gateway_v2.prober import Prober
from api_gateway_v2.rules import Rules
from api_gateway_v2.settings import Settings


def protect(app: Flask, dependency: str, settings: Settings, probe: Callable[[], object]) -> Guard:
    """Return a guard for calls to `dependency`; `probe` is the trial call that it makes by itself when OPEN."""
    breaker = Breaker(dependency, _rules(settings))
    guard = Guard(
        breaker,
        max_concurrent=settings.bulkhead_max_concurrent,
        deadline_s=settings.recommendations_deadline_s,
        slow_call_s=settings.breaker_slow_call_s,
    )
    Prober(breaker, probe)
    breaker.add_listener(EventLog(dependency))
    EventMetrics(guard, app.extensions["metrics"])
    app.register_blueprint(circuit_status(guard))
    app.register_blueprint(circuit_control(breaker, settings.operator_token.get_secret_value()))
    return guard


def _rules(settings: Settings) -> Rules:
    by_rate = settings.breaker_trip_policy == "failure-rate"
    return Rules(
        fail_max=settings.breaker_fail_max,
        failure_rate=settings.breaker_failure_rate if by_rate else None,
        window_calls=settings.breaker_window_calls,
        minimum_calls=settings.breaker_minimum_calls,
        reset_timeout_s=settings.breaker_reset_timeout_s,
        reset_growth=settings.breaker_reset_growth,
        reset_timeout_max_s=settings.breaker_reset_timeout_max_s,
        reset_jitter=settings.breaker_reset_jitter,
    )
