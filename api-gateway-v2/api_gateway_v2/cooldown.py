"""How long a circuit stays OPEN before the next probe."""

import random

from api_gateway_v2.breaker_settings import BreakerSettings

_MAX_EXPONENT = 64  # far beyond any maximum, and small enough not to overflow a float


def cooldown_s(settings: BreakerSettings, failed_probes: int, rng: random.Random) -> float:
    """Return the cooldown in seconds after `failed_probes` failed probes in a row.

    The cooldown grows exponentially up to a maximum. Jitter spreads the probes of gateways that tripped together.
    """
    grown_s = settings.reset_timeout_s * settings.reset_growth ** min(failed_probes, _MAX_EXPONENT)
    bounded_s = min(grown_s, max(settings.reset_timeout_s, settings.reset_timeout_max_s))
    return bounded_s * rng.uniform(1 - settings.reset_jitter, 1 + settings.reset_jitter)
