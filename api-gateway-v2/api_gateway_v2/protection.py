"""The protection of api-gateway-v2: makes every part from the settings and wires them together."""

from functools import partial

from flask import Flask

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.circuit_control import circuit_control
from api_gateway_v2.circuit_status import circuit_status
from api_gateway_v2.event_log import EventLog
from api_gateway_v2.event_metrics import EventMetrics
from api_gateway_v2.guard import Guard
from api_gateway_v2.prober import Prober
from api_gateway_v2.settings import Settings
from storefront.clients import RecommendationsService

PROBED_PRODUCT_ID = 1


def protect(app: Flask, dependency: RecommendationsService, settings: Settings) -> Guard:
    """Return a guard for calls to `dependency`, and add its routes, metrics and log lines to `app`."""
    breaker = Breaker(dependency.name, _breaker_settings(settings))
    guard = Guard(
        breaker,
        max_concurrent=settings.bulkhead_max_concurrent,
        deadline_s=settings.recommendations_deadline_s,
        slow_call_s=settings.breaker_slow_call_s,
    )
    metrics = EventMetrics(guard, app.extensions["metrics"])
    app.extensions["metrics"].register(metrics)

    breaker.add_listener(guard)  # first, because requests are waiting
    breaker.add_listener(Prober(breaker, partial(dependency.related_to, PROBED_PRODUCT_ID)))
    breaker.add_listener(EventLog(breaker))
    breaker.add_listener(metrics)

    app.register_blueprint(circuit_status(guard))
    app.register_blueprint(circuit_control(breaker, settings.operator_token.get_secret_value()))
    return guard


def _breaker_settings(settings: Settings) -> BreakerSettings:
    by_rate = settings.breaker_trip_policy == "failure-rate"
    return BreakerSettings(
        fail_max=settings.breaker_fail_max,
        failure_rate=settings.breaker_failure_rate if by_rate else None,
        window_calls=settings.breaker_window_calls,
        minimum_calls=settings.breaker_minimum_calls,
        reset_timeout_s=settings.breaker_reset_timeout_s,
        reset_growth=settings.breaker_reset_growth,
        reset_timeout_max_s=settings.breaker_reset_timeout_max_s,
        reset_jitter=settings.breaker_reset_jitter,
    )
