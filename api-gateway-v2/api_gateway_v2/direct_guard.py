"""A guarded call on the caller's own thread, for what a request cannot do without.

There is no fallback: a call that is refused raises CallRefused at once, and so does a call that waits when the circuit
trips.
"""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from api_gateway_v2.guard import Guard
from api_gateway_v2.permits import Permit
from shopkit import waits
from shopkit.errors import CallRefused

Args = ParamSpec("Args")
Answer = TypeVar("Answer")

LOOKS_EVERY_S = 0.05  # how soon a waiting call notices that the circuit has tripped


class DirectGuard(Guard[None]):
    """Protects the gateway's threads from the failures of a dependency that its requests need."""

    def call(self, function: Callable[Args, Answer], *args: Args.args, **kwargs: Args.kwargs) -> Answer:
        """Make a call, or refuse it.

        Raises:
            CallRefused: The circuit is not CLOSED, the bulkhead is full, or the circuit tripped while the call waited.
        """
        wanted = partial(function, *args, **kwargs)
        self.probe_call.asked = wanted
        permit = self.breaker.admit()
        if permit is None:
            raise self._refusal()
        if not self.bulkhead.enter(permit, None):
            self.breaker.withdraw(permit)
            raise self._refusal()
        error: BaseException | None = None
        try:
            with waits.watched_by(partial(self._watch, permit)):
                return wanted()
        except BaseException as raised:
            error = raised
            raise
        finally:
            self._finish(permit, error, wanted)

    def _watch(self, permit: Permit) -> float:
        """Tell the breaker when the call is slow; return how long it may wait until the next look.

        Raises:
            CallRefused: The circuit has tripped.
        """
        age_s, slow_call_s = self.breaker.clock() - permit.admitted_at_s, self.breaker.settings.slow_call_s
        is_slow = age_s >= slow_call_s
        if is_slow:
            self.breaker.slow(permit)
        if not self.breaker.is_current(permit):
            raise self._refusal()
        return LOOKS_EVERY_S if is_slow else min(LOOKS_EVERY_S, slow_call_s - age_s)

    def _refusal(self) -> CallRefused:
        due_in_s = self.breaker.probe_due_in_s()
        return CallRefused(self.breaker.name, retry_after_s=due_in_s or 0.0)
