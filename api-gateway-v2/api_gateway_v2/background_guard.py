"""A guarded call on a thread of the bulkhead, for what a request can do without.

The request continues with its own work meanwhile. It then waits for the answer, as long as its patience lasts; the call
itself goes on until its deadline. Both count from the start of the call. A trip immediately releases every request
waiting on the dependency.
"""

import threading
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Generic, ParamSpec, TypeVar, cast

import structlog

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.bulkhead import Bulkhead
from api_gateway_v2.guard import Guard
from api_gateway_v2.listeners import Listener
from api_gateway_v2.permits import Decision, Permit
from api_gateway_v2.probe_call import ProbeCall
from api_gateway_v2.transitions import Transition
from shopkit.errors import DeadlineExceeded
from shopkit.thread_pool import NoMoreThreads, ThreadPool

TRY_AGAIN_S = 1.0  # after the system had no threads left

_log = structlog.get_logger()

Args = ParamSpec("Args")
Answer = TypeVar("Answer")


class BackgroundGuard(Guard["GuardedCall[Any]"], Listener):
    """Protects requests from the failures of a dependency that they can do without.

    Add the guard to its breaker as a listener: a transition must release the requests that wait.
    """

    def __init__(
        self,
        breaker: Breaker,
        bulkhead: "Bulkhead[GuardedCall[Any]]",
        probe_call: ProbeCall,
        *,
        deadline_s: float,
        patience_s: float,
    ) -> None:
        """A request waits for `patience_s` seconds at most, but not less than the slow-call time.

        There is a thread for each place in the bulkhead. All start with the first call.
        Not earlier, because a service is made before its process forks; not later, because the system may have no
        thread left when calls hang.
        """
        super().__init__(breaker, bulkhead, probe_call, deadline_s=deadline_s)
        self.patience_s = min(deadline_s, max(patience_s, breaker.settings.slow_call_s))
        self.refused = RefusedCall(self)
        self._starting = threading.Lock()
        self._threads: ThreadPool | None = None
        self._try_again_s = float("-inf")

    def start(
        self, function: Callable[Args, Answer], *args: Args.args, **kwargs: Args.kwargs
    ) -> "GuardedCall[Answer] | RefusedCall":
        """Start a call, or refuse it if the circuit is not CLOSED or the bulkhead is full. Never block."""
        wanted = partial(function, *args, **kwargs)
        self.probe_call.asked = wanted
        permit = self.breaker.admit()
        if permit is None:
            return self._refuse(Decision.SHORT_CIRCUITED)
        threads = self._threads or self._start_threads()
        if threads is None:
            self.bulkhead.refuse()
            self.breaker.withdraw(permit)
            return self._refuse(Decision.BULKHEAD_FULL)
        call = GuardedCall(self, permit, wanted)
        if not self.bulkhead.enter(permit, call):
            self.breaker.withdraw(permit)
            return self._refuse(Decision.BULKHEAD_FULL)
        if not self.breaker.is_current(permit):  # tripped since `admit`: `on_transition` may have missed it
            call.release.put(None)
        threads.submit(partial(copy_context().run, call.make))  # the context has the request's id and span
        return call

    def on_transition(self, transition: Transition) -> None:  # noqa: ARG002 - Listener's signature
        """Release every request waiting for a call that was admitted before the transition."""
        for permit, call in self.bulkhead.calls():
            if not self.breaker.is_current(permit):
                call.release.put(None)

    def finish(self, call: "GuardedCall[Any]") -> None:
        """Report the end of a call, and release the request that waits for it."""
        self._finish(call.permit, call.error, call.wanted)
        call.release.put(None)

    def _refuse(self, decision: Decision) -> "RefusedCall":
        self.breaker.listeners.decided(decision)
        return self.refused

    def _start_threads(self) -> ThreadPool | None:
        """Start all threads, unless they run; return None if the system does not allow that many."""
        with self._starting:
            now_s = self.breaker.clock()
            if self._threads is None and now_s >= self._try_again_s:
                self._try_again_s = now_s + TRY_AGAIN_S
                try:
                    self._threads = ThreadPool(self.bulkhead.places, f"bulkhead-{self.breaker.name}")
                except NoMoreThreads as error:
                    _log.warning("no threads for guarded calls", circuit=self.breaker.name, why=str(error))
        return self._threads


class RefusedCall:
    """A call that was not made: the circuit is not CLOSED or the bulkhead is full."""

    def __init__(self, guard: BackgroundGuard) -> None:
        self._guard = guard

    def result_or(self, fallback: Answer) -> tuple[Answer, bool]:
        """Return the fallback, and True for degraded."""
        self._guard.breaker.listeners.answered(degraded=True)
        return fallback, True


class GuardedCall(Generic[Answer]):
    """A call in flight."""

    __slots__ = ("_answer", "_guard", "_is_done", "error", "permit", "release", "wanted")

    def __init__(self, guard: BackgroundGuard, permit: Permit, wanted: Callable[[], Answer]) -> None:
        self._guard = guard
        self._answer: Answer | None = None
        self._is_done = False
        self.permit = permit
        self.wanted = wanted
        self.error: BaseException | None = None
        self.release: SimpleQueue[None] = SimpleQueue()  # `put` ends one wait; costs a third of a threading.Event

    def make(self) -> None:
        """Make the call, on a thread of the bulkhead."""
        try:
            self._answer = self.wanted()
        except BaseException as error:  # noqa: BLE001 - whatever a call raises, it must be settled
            self.error = error
        self._is_done = True
        self._guard.finish(self)

    def result_or(self, fallback: Answer) -> tuple[Answer, bool]:
        """Return the answer and False; or `fallback` and True if the call failed, was late, or the circuit tripped."""
        decision = self._wait()
        listeners, is_done = self._guard.breaker.listeners, self._is_done
        answered = is_done and self.error is None
        if not is_done:
            listeners.decided(decision)
        listeners.answered(degraded=not answered)
        return (cast("Answer", self._answer), False) if answered else (fallback, True)

    def _wait(self) -> Decision:
        """Wait for the release, with patience; tell the breaker when the call is slow, and when it is late.

        Return why the wait ended, if not because the call did.
        """
        breaker, deadline_s, patience_s = self._guard.breaker, self._guard.deadline_s, self._guard.patience_s
        slow_call_s = breaker.settings.slow_call_s
        if slow_call_s < deadline_s:
            if self._wait_until_age(slow_call_s):
                return Decision.RELEASED
            breaker.slow(self.permit)
        if self._wait_until_age(patience_s):
            return Decision.RELEASED
        if patience_s < deadline_s:
            return Decision.PATIENCE_OVER
        breaker.settle(self.permit, DeadlineExceeded(breaker.name, f"did not answer within {deadline_s:g} s"))
        return Decision.DEADLINE

    def _wait_until_age(self, age_s: float) -> bool:
        """Wait until the call is released or is `age_s` seconds old; return whether it was released."""
        try:
            self.release.get(timeout=max(0.0, self.permit.admitted_at_s + age_s - self._guard.breaker.clock()))
        except Empty:
            return False
        return True
