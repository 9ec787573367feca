"""The shop's own settings, read from the environment as api-gateway-v2 reads them."""

from api_gateway_v2.settings import Settings
from explore.point import Point
from shopkit.settings import load


def own_point(deadline_s: float) -> Point:
    """Return the settings that api-gateway-v2 would have, but for the deadline; a bad one ends with status 2."""
    settings = load(Settings)
    slow_call_s = min(settings.breaker_slow_call_s, deadline_s)
    return Point(
        **{**settings.breaker, "slow_call_s": slow_call_s},
        deadline_s=deadline_s,
        patience_s=settings.recommendations_patience_s,
        max_concurrent=settings.bulkhead_max_concurrent,
        bulkhead_counts=settings.bulkhead_counts,
        threads=settings.threads,
    )
