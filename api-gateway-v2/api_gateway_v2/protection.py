"""The protection of api-gateway-v2: makes every part from the settings and wires them together."""

from dataclasses import replace
from functools import partial
from typing import Any

from flask import Flask

from api_gateway_v2.background_guard import BackgroundGuard
from api_gateway_v2.breaker import Breaker
from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.bulkhead import Bulkhead, FixedLimit, Limit
from api_gateway_v2.circuit_control import circuit_control
from api_gateway_v2.circuit_status import circuit_status
from api_gateway_v2.direct_guard import DirectGuard
from api_gateway_v2.event_log import EventLog
from api_gateway_v2.event_metrics import EventMetrics
from api_gateway_v2.event_traces import EventTraces
from api_gateway_v2.fallbacks import Fallback, LastKnown, Popular
from api_gateway_v2.fleet.join import join_fleet
from api_gateway_v2.guard import Guard
from api_gateway_v2.overdue_limit import OverdueLimit
from api_gateway_v2.probe_call import ProbeCall
from api_gateway_v2.prober import Prober
from api_gateway_v2.protected import GuardedProducts, GuardedRecommendations
from api_gateway_v2.settings import Settings
from shopkit.tracing import traces
from storefront.clients import Catalogue, ProductService, RecommendationsService

PRODUCT_RESET_GROWTH = 2.0  # from a short cooldown, after a false alarm, to that of the other circuit
PROBED_PRODUCT_ID = 1  # until somebody has asked for another


def protect(
    app: Flask, products: ProductService, recommendations: RecommendationsService, settings: Settings
) -> tuple[GuardedProducts, GuardedRecommendations]:
    """Return both services behind guards, and add the guards' routes, metrics and log lines to `app`."""
    product_guard = _product_guard(products, settings)
    recommendations_guard = _recommendations_guard(recommendations, settings)
    recommendations_guard.breaker.add_listener(recommendations_guard)  # first, because requests are waiting
    guards: tuple[Guard[Any], ...] = (recommendations_guard, product_guard)
    metrics = EventMetrics(app.extensions["metrics"])
    for guard in guards:
        span = partial(traces().root_span, f"probe {guard.breaker.name}")
        guard.breaker.add_listener(Prober(guard.breaker, guard.probe_call, span=span))
        guard.breaker.add_listener(EventLog(guard.breaker))
        metrics.watch(guard)
        if traces().is_on:
            guard.breaker.add_listener(EventTraces(guard.breaker, traces()))
    member = join_fleet(app, guards, settings.circuit_share_url.get_secret_value())
    app.register_blueprint(circuit_status(guards, member))
    token = settings.operator_token.get_secret_value()
    app.register_blueprint(circuit_control([guard.breaker for guard in guards], token))
    guarded_products = GuardedProducts(products, product_guard)
    fallback = _fallback(settings, guarded_products)
    related = GuardedRecommendations(recommendations, recommendations_guard, fallback, product_guard.breaker)
    return guarded_products, related


def _product_guard(products: ProductService, settings: Settings) -> DirectGuard:
    breaker_settings = replace(
        BreakerSettings.of_policy(**settings.breaker),
        slow_call_s=settings.product_slow_call_s,
        reset_timeout_s=settings.product_reset_timeout_s,
        reset_growth=max(PRODUCT_RESET_GROWTH, settings.breaker_reset_growth),
        reset_timeout_max_s=settings.breaker_reset_timeout_s,
    )
    return DirectGuard(
        Breaker(products.name, breaker_settings),
        Bulkhead(FixedLimit(settings.threads), settings.threads),
        ProbeCall(partial(products.product, PROBED_PRODUCT_ID)),
        deadline_s=settings.product_deadline_s,
    )


def _recommendations_guard(recommendations: RecommendationsService, settings: Settings) -> BackgroundGuard:
    limit: Limit = FixedLimit(settings.bulkhead_max_concurrent)
    if settings.bulkhead_counts == "overdue":
        limit = OverdueLimit(settings.bulkhead_max_concurrent, settings.breaker_slow_call_s)
    return BackgroundGuard(
        Breaker(recommendations.name, BreakerSettings.of_policy(**settings.breaker)),
        Bulkhead(limit, settings.recommendations_connections),
        ProbeCall(partial(recommendations.related_to, PROBED_PRODUCT_ID)),
        deadline_s=settings.recommendations_deadline_s,
        patience_s=settings.recommendations_patience_s,
    )


def _fallback(settings: Settings, products: Catalogue) -> Fallback:
    if settings.recommendations_fallback == "last-known":
        return LastKnown()
    if settings.recommendations_fallback == "popular":
        return Popular(products, settings.popular_ids)
    return Fallback()
