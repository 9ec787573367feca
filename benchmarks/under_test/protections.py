"""The small rungs, side by side: what each puts between the gateway and its call to recommendations.

The call has a deadline of its own. A call that fails raises DependencyError, and so does a protection that refuses one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import BoundedSemaphore

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from benchmarks.peers import COOLDOWN_S, Interlock, InterlockPipeline, Peer, PybreakerCall, PybreakerCalling
from benchmarks.under_test.retry_budget import RetryBudget
from shopkit.errors import CallRefused, DependencyError
from storefront.products import Product

Related = list[Product]
Call = Callable[[], Related]
Protection = Callable[[Call], Related]

ATTEMPTS = 3
STORM_ATTEMPTS = 4  # of the rungs of the storm: three retries
FIRST_PAUSE_S = 0.05  # at most; each later one up to twice as long
LONGEST_PAUSE_S = 1.0
PAUSE = wait_random_exponential(multiplier=FIRST_PAUSE_S, max=LONGEST_PAUSE_S)  # "full jitter"
MAX_CONCURRENT = 10  # where there is a bulkhead: api-gateway-v2's default
RECOMMENDATIONS = "recommendations-service"


def deadline_only() -> Protection:
    """Make the call, which has its deadline."""
    return lambda call: call()


def naive_retry(attempts: int = ATTEMPTS) -> Protection:
    """Make the call again at once, and again."""
    return Retrying(stop=stop_after_attempt(attempts), retry=retry_if_exception_type(DependencyError), reraise=True)


def paused_retry(attempts: int = ATTEMPTS) -> Protection:
    """Make the call again after a pause, as `budgeted_retry` does, but without a budget."""
    return Retrying(
        stop=stop_after_attempt(attempts), wait=PAUSE, retry=retry_if_exception_type(DependencyError), reraise=True
    )


def budgeted_retry(attempts: int = ATTEMPTS, sleep: Callable[[float], None] = time.sleep) -> Protection:
    """Make the call again after a pause drawn from a growing range ("full jitter"), while the budget lasts."""
    budget = RetryBudget()
    retrying = Retrying(
        # in this order: no token is taken after the last attempt
        stop=stop_after_attempt(attempts) | (lambda _: not budget.withdraw()),  # type: ignore[operator]  # may be a function
        wait=PAUSE,
        retry=retry_if_exception_type(DependencyError),
        reraise=True,
        sleep=sleep,
    )

    def protection(call: Call) -> Related:
        budget.deposit()
        return retrying(call)

    return protection


def bulkhead(max_concurrent: int = MAX_CONCURRENT) -> Protection:
    """Refuse the call while `max_concurrent` others are in flight."""
    places = BoundedSemaphore(max_concurrent)

    def protection(call: Call) -> Related:
        if not places.acquire(blocking=False):
            raise CallRefused(RECOMMENDATIONS, retry_after_s=1.0)
        try:
            return call()
        finally:
            places.release()

    return protection


def breaker(peer: Peer) -> Protection:
    """Make the call through a library's breaker, as its documentation shows."""

    def protection(call: Call) -> Related:
        try:
            return peer.call(call)
        except peer.refused:
            raise CallRefused(RECOMMENDATIONS, retry_after_s=COOLDOWN_S) from None

    return protection


def shared_breaker() -> Protection:
    """Make the call through a breaker whose state all gateways share; its package for Redis is not in every lock."""
    from benchmarks.under_test.interlock_redis import InterlockRedis  # noqa: PLC0415

    shared: list[Protection] = []  # made with the first call, because it starts threads and the server forks

    def protection(call: Call) -> Related:
        if not shared:
            shared.append(breaker(InterlockRedis()))
        return shared[0](call)

    return protection


@dataclass(frozen=True, slots=True)
class Rung:
    """A protection, and what a page does without recommendations."""

    protection: Callable[[], Protection]
    has_fallback: bool = True  # it shows none; without a fallback it fails


PROTECTIONS = {
    "timeout": Rung(deadline_only, has_fallback=False),
    "fallback": Rung(deadline_only),
    "naive-retry": Rung(naive_retry),
    "budgeted-retry": Rung(budgeted_retry),
    "storm-retry": Rung(partial(naive_retry, STORM_ATTEMPTS)),
    "storm-backoff": Rung(partial(paused_retry, STORM_ATTEMPTS)),
    "storm-budget": Rung(partial(budgeted_retry, STORM_ATTEMPTS)),
    "bulkhead": Rung(bulkhead),
    "textbook-breaker": Rung(lambda: breaker(PybreakerCall())),
    "pybreaker-calling": Rung(lambda: breaker(PybreakerCalling())),
    "interlock": Rung(lambda: breaker(Interlock())),
    "interlock-redis": Rung(shared_breaker),
    "interlock-bulkhead": Rung(lambda: breaker(InterlockPipeline(max_concurrent=MAX_CONCURRENT))),
}
