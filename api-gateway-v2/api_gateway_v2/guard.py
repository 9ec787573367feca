"""The guarded call: ask the breaker, take a place in the bulkhead, then call on a thread of the bulkhead.

The request continues with its own work meanwhile. It then waits for the answer, until the deadline at most. The
deadline counts from the start of the call. A trip immediately releases every request waiting on the dependency.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Generic, ParamSpec, TypeVar

from api_gateway_v2.breaker import Breaker, CircuitSnapshot
from api_gateway_v2.listeners import Listener
from api_gateway_v2.rules import Permit, failure_in
from api_gateway_v2.transitions import Transition
from shopkit.errors import DeadlineExceeded

Args = ParamSpec("Args")
Answer = TypeVar("Answer")
Release = SimpleQueue[None]  # `put` ends one wait; costs a third of a threading.Event


@dataclass(frozen=True, slots=True)
class GuardSnapshot:
    """A copy of a guard's state at one moment."""

    circuit: CircuitSnapshot
    in_flight: int  # calls that hold a place in the bulkhead
    bulkhead_full: int  # calls refused because the bulkhead was full, since start


class Guard(Listener):
    """Protects requests from the failures of one dependency. Safe to share between threads.

    Add the guard to its breaker as a listener: a transition must release the requests that wait.
    """

    def __init__(
        self,
        breaker: Breaker,
        *,
        max_concurrent: int,
        deadline_s: float,
        slow_call_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Both times are in seconds from the start of a call; `max_concurrent` is the size of the bulkhead."""
        self.breaker = breaker
        self.max_concurrent = max_concurrent
        self.deadline_s = deadline_s
        self.slow_call_s = slow_call_s
        self.clock = clock
        self._refused = RefusedCall(self)
        self._lock = threading.Lock()
        self._in_flight: dict[Permit, Release] = {}  # the calls that hold a place in the bulkhead
        self._bulkhead_full = 0
        self._threads = ThreadPoolExecutor(max_concurrent, thread_name_prefix=f"bulkhead-{breaker.name}")

    def start(
        self, function: Callable[Args, Answer], *args: Args.args, **kwargs: Args.kwargs
    ) -> "GuardedCall[Answer] | RefusedCall":
        """Start a call, or refuse it if the circuit is not CLOSED or the bulkhead is full. Never block."""
        permit = self.breaker.admit()
        if permit is None:
            return self._refused
        release: Release = SimpleQueue()
        if not self._take_place(permit, release):
            return self._refused
        if not self.breaker.is_current(permit):  # tripped since `admit`: `on_transition` may have missed it
            release.put(None)
        started_s = self.clock()
        context = copy_context()  # carries the request's id to the other thread
        try:
            future = self._threads.submit(self._make, permit, partial(context.run, function, *args, **kwargs))
        except RuntimeError:  # the system has no thread left
            self._leave(permit)
            return self._refused
        future.add_done_callback(partial(self._finish, permit, started_s))
        return GuardedCall(self, permit, release, started_s, future)

    def snapshot(self) -> GuardSnapshot:
        """Return a copy of the state of the guard and its circuit."""
        circuit = self.breaker.snapshot()
        with self._lock:
            return GuardSnapshot(circuit, len(self._in_flight), self._bulkhead_full)

    def on_transition(self, transition: Transition) -> None:  # noqa: ARG002 - Listener's signature
        """Release every request waiting for a call that was admitted before the transition."""
        with self._lock:
            stale = [release for permit, release in self._in_flight.items() if not self.breaker.is_current(permit)]
        for release in stale:
            release.put(None)

    def _take_place(self, permit: Permit, release: Release) -> bool:
        """Take a place in the bulkhead; return False when it is full."""
        with self._lock:
            if len(self._in_flight) >= self.max_concurrent:
                self._bulkhead_full += 1
                return False
            self._in_flight[permit] = release
            return True

    def _leave(self, permit: Permit) -> None:
        """Give back the place of a call that got no thread; a bulkhead without threads counts as full."""
        with self._lock:
            del self._in_flight[permit]
            self._bulkhead_full += 1

    def _make(self, permit: Permit, call: Callable[[], Answer]) -> Answer:
        """Make a call that has its place; the pool keeps the calls that got no thread, and runs them later."""
        if permit not in self._in_flight:
            raise CancelledError
        return call()

    def _finish(self, permit: Permit, started_s: float, future: Future[Answer]) -> None:
        """Report the result of a call to the breaker and give its place back."""
        failure = failure_in(future.exception())
        self.breaker.settle(permit, failure)
        with self._lock:
            release = self._in_flight.pop(permit)
        release.put(None)
        self.breaker.listeners.call_ended(self.clock() - started_s, failed=failure is not None)


class RefusedCall:
    """A call that was not made: the circuit is not CLOSED or the bulkhead is full."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def result_or(self, fallback: Answer) -> tuple[Answer, bool]:
        """Return the fallback, and True for degraded."""
        self._guard.breaker.listeners.answered(degraded=True)
        return fallback, True


@dataclass(slots=True, eq=False)
class GuardedCall(Generic[Answer]):
    """A call in flight, as the request that made it sees it."""

    guard: Guard
    permit: Permit
    release: Release
    started_s: float
    future: Future[Answer]

    def result_or(self, fallback: Answer) -> tuple[Answer, bool]:
        """Return the answer and False; or `fallback` and True if the call failed, was late, or the circuit tripped."""
        self._wait()
        answered = self.future.done() and self.future.exception() is None
        self.guard.breaker.listeners.answered(degraded=not answered)
        return (self.future.result(), False) if answered else (fallback, True)

    def _wait(self) -> None:
        """Wait for the release or the deadline; tell the breaker when the call is slow, and when it is late."""
        guard = self.guard
        if self._wait_until_age(min(guard.slow_call_s, guard.deadline_s)):
            return
        guard.breaker.slow(self.permit)
        if not self._wait_until_age(guard.deadline_s):
            late = DeadlineExceeded(guard.breaker.name, f"did not answer within {guard.deadline_s:g} s")
            guard.breaker.settle(self.permit, late)

    def _wait_until_age(self, age_s: float) -> bool:
        """Wait until the call is released or is `age_s` seconds old; return whether it was released."""
        try:
            self.release.get(timeout=max(0.0, self.started_s + age_s - self.guard.clock()))
        except Empty:
            return False
        return True
