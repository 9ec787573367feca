"""A circuit whose time the tests move."""

from collections.abc import Callable

import pytest

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.rules import Rules
from support.circuits import Clock


@pytest.fixture
def clock() -> Clock:
    """The clock of `breaker`."""
    return Clock()


MakeBreaker = Callable[..., Breaker]


@pytest.fixture
def make_breaker(clock: Clock) -> MakeBreaker:
    """Return a function that makes a breaker with the given rules."""
    return lambda **rules: Breaker("recommendations-service", Rules(**rules), clock=clock, chance=lambda: 1.0)


@pytest.fixture
def breaker(make_breaker: MakeBreaker) -> Breaker:
    """A closed circuit with the default rules."""
    return make_breaker()
