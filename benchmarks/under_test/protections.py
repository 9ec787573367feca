"""The small rungs, side by side: what each puts between the gateway and its call to recommendations.

The call has a deadline of its own. A call that fails raises DependencyError, and so does a protection that refuses one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
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
FIRST_PAUSE_S = 0.05  # at most; each later one up to twice as long
LONGEST_PAUSE_S = 1.0
MAX_CONCURRENT = 10  # where there is a bulkhead: api-gateway-v2's default
RECOMMENDATIONS = "recommendations-service"


def deadline_only() -> Protection:
    """Make the call, which has its deadline."""
    return lambda call: call()


def naive_retry() -> Protection:
    """Make the call again at once, and again."""
    return Retrying(stop=stop_after_attempt(ATTEMPTS), retry=retry_if_exception_type(DependencyError), reraise=True)


def budgeted_retry(sleep: Callable[[float], None] = time.sleep) -> Protection:
    """Make the call again after a pause drawn from a growing range ("full jitter"), while the budget lasts."""
    budget = RetryBudget()
    retrying = Retrying(
        # in this order: no token is taken after the last attempt
        stop=stop_after_attempt(ATTEMPTS) | (lambda _: not budget.withdraw()),  # type: ignore[operator]  # may be a function
        wait=wait_random_exponential(multiplier=FIRST_PAUSE_S, max=LONGEST_PAUSE_S),
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


@dataclass(frozen=True, slots=True)
class Rung:
    """A protection, and what a page does without recommendations."""

    protection: Callable[[], Protection]
    has_fallback: bool = True  # it shows none; without a fallback it fails


RUNGS = {
    "timeout": Rung(deadline_only, has_fallback=False),
    "fallback": Rung(deadline_only),
    "naive-retry": Rung(naive_retry),
    "budgeted-retry": Rung(budgeted_retry),
    "bulkhead": Rung(bulkhead),
    "textbook-breaker": Rung(lambda: breaker(PybreakerCall())),
    "pybreaker-calling": Rung(lambda: breaker(PybreakerCalling())),
    "interlock": Rung(lambda: breaker(Interlock())),
    "interlock-bulkhead": Rung(lambda: breaker(InterlockPipeline(max_concurrent=MAX_CONCURRENT))),
}
