"""A circuit whose time the tests move."""

from collections.abc import Callable

import pytest

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.breaker_settings import BreakerSettings
from support.circuits import FixedRng, ManualClock

MakeBreaker = Callable[..., Breaker]


@pytest.fixture
def clock() -> ManualClock:
    """Return the clock of `breaker`."""
    return ManualClock()


@pytest.fixture
def make_breaker(clock: ManualClock) -> MakeBreaker:
    """Return a function that makes a breaker with the given settings."""
    return lambda **settings: Breaker(
        "recommendations-service", BreakerSettings(**settings), clock=clock, rng=FixedRng(1.0)
    )


@pytest.fixture
def breaker(make_breaker: MakeBreaker) -> Breaker:
    """Return a CLOSED circuit with the default settings."""
    return make_breaker()
