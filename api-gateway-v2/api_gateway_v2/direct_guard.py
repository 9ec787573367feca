"""A guarded call on the caller's own thread, for what a request cannot do without.

There is no fallback: a call that is refused raises CallRefused at once, and so does a call that waits when the circuit
trips.
"""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from api_gateway_v2.guard import Guard
from api_gateway_v2.permits import Decision, Permit
from shopkit import waits
from shopkit.errors import CallRefused, DeadlineExceeded

Args = ParamSpec("Args")
Answer = TypeVar("Answer")

LOOKS_EVERY_S = 0.05  # how soon a waiting call notices that the circuit has tripped
LATE_LOOK_S = 1.5 * LOOKS_EVERY_S  # a look that comes later shows that this process could not run


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
            raise self.refusal(Decision.SHORT_CIRCUITED)
        if not self.bulkhead.enter(permit, None):
            self.breaker.withdraw(permit)
            raise self.refusal(Decision.BULKHEAD_FULL)
        error: BaseException | None = None
        try:
            with waits.watched_by(_Wait(self, permit)):
                return wanted()
        except BaseException as raised:
            error = raised
            if isinstance(raised, DeadlineExceeded):
                self.breaker.listeners.decided(Decision.DEADLINE)
            raise
        finally:
            self._finish(permit, error, wanted)

    def refusal(self, decision: Decision) -> CallRefused:
        """Return what a call raises that is refused, or given up."""
        self.breaker.listeners.decided(decision)
        due_in_s = self.breaker.probe_due_in_s()
        return CallRefused(self.breaker.name, retry_after_s=due_in_s or 0.0)


class _Wait:
    """The wait of one call, in time in which this process could look: a machine that stands still is no hang.

    Every page needs this dependency, so a false alarm would fail them all.
    """

    def __init__(self, guard: DirectGuard, permit: Permit) -> None:
        self._guard = guard
        self._permit = permit
        self._looked_at_s = permit.admitted_at_s
        self._waited_s = 0.0

    def __call__(self) -> float:
        """Tell the breaker when the call is slow; return how long it may wait until the next look.

        Raises:
            CallRefused: The circuit has tripped.
        """
        breaker = self._guard.breaker
        now_s, slow_call_s = breaker.clock(), breaker.settings.slow_call_s
        self._waited_s += min(now_s - self._looked_at_s, LATE_LOOK_S)
        self._looked_at_s = now_s
        is_slow = self._waited_s >= slow_call_s
        if is_slow:
            breaker.slow(self._permit)
        if not breaker.is_current(self._permit):
            raise self._guard.refusal(Decision.RELEASED)
        return LOOKS_EVERY_S if is_slow else min(LOOKS_EVERY_S, slow_call_s - self._waited_s)
