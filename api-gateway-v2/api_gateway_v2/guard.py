"""The guarded call: the circuit, then the bulkhead, then the call on the bulkhead's own threads, up to a deadline.

The request that wants the answer goes on with its own work meanwhile, and then waits for no longer than the deadline,
counted from the start of the call; it stops waiting at once when the circuit trips.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

from api_gateway_v2.breaker import Breaker, Permit
from api_gateway_v2.transitions import State, Transition
from shopkit.errors import DeadlineExceeded, RequestRejected

Args = ParamSpec("Args")
Answer = TypeVar("Answer")


class Observer(Protocol):
    """Is told of every call that was made, once it has ended."""

    def __call__(self, duration_s: float, *, failed: bool) -> None:
        """The call took so long."""


def _nobody(duration_s: float, *, failed: bool) -> None:
    """Stand in where nobody observes."""


class Guard:
    """Makes calls to one dependency such that nobody is harmed when it is sick. Safe to share between threads."""

    def __init__(self, breaker: Breaker, *, max_concurrent: int, deadline_s: float, slow_call_s: float) -> None:
        """Times in seconds, from the start of a call; `max_concurrent` is the size of the bulkhead."""
        self.breaker = breaker
        self.max_concurrent = max_concurrent
        self.deadline_s = deadline_s
        self.slow_call_s = slow_call_s
        self.bulkhead_full = 0  # calls refused because the bulkhead was full, since the start
        self.degraded = 0  # requests that went on without the dependency's answer, since the start
        self.observe: Observer = _nobody
        self._refused = Refused(self)
        self._running: set[Call[Any]] = set()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(max_concurrent, thread_name_prefix=f"bulkhead-{breaker.name}")
        breaker.add_listener(self)

    @property
    def in_flight(self) -> int:
        """Calls that hold a place in the bulkhead now."""
        return len(self._running)

    def start(
        self, function: Callable[Args, Answer], *args: Args.args, **kwargs: Args.kwargs
    ) -> "Call[Answer] | Refused":
        """Start a call, or refuse it; returns at once either way."""
        permit = self.breaker.admit()
        if permit is None:
            return self._refused
        call: Call[Answer] = Call(self, permit)
        if not self._enter(call):
            return self._refused
        context = copy_context()  # the request's id goes along
        self._threads.submit(context.run, self._run, call, partial(function, *args, **kwargs))
        if permit.generation != self.breaker.generation:  # tripped after it was admitted, before it was listed
            call.release()
        return call

    def transition(self, transition: Transition) -> None:
        """Let everyone go who waits for the dependency when the circuit opens."""
        if transition.to_state is State.OPEN:
            with self._lock:
                waiting = list(self._running)
            for call in waiting:
                call.release()

    def note_degraded(self) -> None:
        """A request goes on with its fallback."""
        with self._lock:
            self.degraded += 1

    def _enter(self, call: "Call[Answer]") -> bool:
        with self._lock:
            if len(self._running) >= self.max_concurrent:
                self.bulkhead_full += 1
                return False
            self._running.add(call)
            return True

    def _run(self, call: "Call[Answer]", function: Callable[[], Answer]) -> None:
        """Make the call, on one of the bulkhead's threads."""
        failure: BaseException | None = None
        try:
            call.answer = (function(),)
        except RequestRejected:
            pass  # an answer, not a fault
        except BaseException as error:  # noqa: BLE001 - whatever it is: a place in the bulkhead must not be lost
            failure = error
        call.settle(failure)
        with self._lock:
            self._running.discard(call)
        call.release()
        self.observe(call.age_s(), failed=failure is not None)


class Refused:
    """A call that was not made, because the circuit is not CLOSED or the bulkhead is full."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def result_or(self, fallback: Answer) -> tuple[Answer, bool]:
        """Return the fallback, and True: degraded."""
        self._guard.note_degraded()
        return fallback, True


class Call(Generic[Answer]):
    """One guarded call, as seen by the request that wants its answer."""

    def __init__(self, guard: Guard, permit: Permit) -> None:
        self.answer: tuple[Answer] | None = None
        self._guard = guard
        self._permit = permit
        self._started = time.monotonic()
        self._released = threading.Event()

    def result_or(self, fallback: Answer) -> tuple[Answer, bool]:
        """Return the answer and False; or `fallback` and True: failed, late, or the circuit has tripped."""
        if not self._wait_until(min(self._guard.slow_call_s, self._guard.deadline_s)):
            self._guard.breaker.slow(self._permit)
            if not self._wait_until(self._guard.deadline_s):
                self.settle(
                    DeadlineExceeded(self._guard.breaker.name, f"did not answer within {self._guard.deadline_s:g} s")
                )
        if self.answer:
            return self.answer[0], False
        self._guard.note_degraded()
        return fallback, True

    def settle(self, error: BaseException | None = None) -> None:
        """Tell the breaker how the call ended."""
        self._guard.breaker.settle(self._permit, error)

    def age_s(self) -> float:
        """Return the time since the call was started, in seconds."""
        return time.monotonic() - self._started

    def release(self) -> None:
        """Let the request go on."""
        self._released.set()

    def _wait_until(self, age_s: float) -> bool:
        return self._released.wait(max(0.0, age_s - self.age_s()))
