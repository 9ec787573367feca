"""The guard of api-gateway-v2, put together from its settings."""

from collections.abc import Callable

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.event_log import EventLog
from api_gateway_v2.guard import Guard
from api_gateway_v2.prober import Prober
from api_gateway_v2.settings import Settings


def protect(dependency: str, settings: Settings, probe: Callable[[], object]) -> Guard:
    """Return a guard for calls to `dependency`; `probe` is the trial call that it makes by itself when OPEN."""
    breaker = Breaker(dependency, fail_max=settings.breaker_fail_max, reset_timeout_s=settings.breaker_reset_timeout_s)
    breaker.add_listener(EventLog(dependency))
    Prober(breaker, probe)
    return Guard(
        breaker,
        max_concurrent=settings.bulkhead_max_concurrent,
        deadline_s=settings.recommendations_deadline_s,
        slow_call_s=settings.breaker_slow_call_s,
    )
