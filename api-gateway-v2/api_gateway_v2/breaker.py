"""The circuit breaker: pybreaker's states, with the lock held for bookkeeping only, never while a call runs.

A caller asks `admit` before its call and tells `settle` its result. Every change of state starts a new generation; a
result from an earlier one no longer moves the state (the idea is sony/gobreaker's). `slow` tells that a call in flight
is taking long: enough of those trip the circuit before any of them has timed out.
"""

import random
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pybreaker
import structlog

from api_gateway_v2.rules import FailureWindow, Rules, cooldown_s
from api_gateway_v2.transitions import Control, Listener, State, Transition
from shopkit.clock import timestamp

_log = structlog.get_logger()

TRANSITIONS_KEPT = 100


@dataclass(slots=True)
class Calls:
    """What became of the calls, since the start."""

    successful: int = 0
    failed: int = 0
    late: int = 0  # results from before a change of state: dropped
    short_circuited: int = 0  # refused because the circuit was not CLOSED


class Permit:
    """Leave to make one call; it is settled once."""

    __slots__ = ("generation", "settled", "slow")

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.settled = False
        self.slow = False


class Breaker:
    """A circuit breaker for one dependency. Safe to share between threads; no method waits for a call."""

    def __init__(
        self,
        name: str,
        rules: Rules | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`clock` gives seconds that only ever grow, `chance` a number from 0 to 1."""
        self.name = name
        self.rules = rules or Rules()
        self.state = State.CLOSED
        self.control = Control.AUTOMATIC
        self.generation = 0
        self.calls = Calls()
        self.transitions: deque[Transition] = deque(maxlen=TRANSITIONS_KEPT)
        self._window = FailureWindow(self.rules) if self.rules.failure_rate is not None else None
        self._circuit = pybreaker.CircuitBreaker(
            fail_max=sys.maxsize if self._window else self.rules.fail_max,
            name=name,
            listeners=[_StateChanges(self._moved)],
            throw_new_error_on_trip=False,
        )
        self._clock = clock
        self._chance = chance
        self._lock = threading.Lock()
        self._why = ""  # the reason of the next transition
        self._slow_in_flight = 0
        self._failed_probes = 0  # in a row
        self._open_until = 0.0
        self._listeners: list[Listener] = []
        self._unpublished: deque[Transition] = deque()

    @property
    def failure_count(self) -> int:
        """Failures that count towards a trip: those in a row, or those in the window of the failure rate."""
        return self._window.failures if self._window else self._circuit.fail_counter

    def add_listener(self, listener: Listener) -> None:
        """Tell `listener` of every later change of state."""
        self._listeners.append(listener)

    def admit(self) -> Permit | None:
        """Return leave to make a call, or None: refused at once."""
        with self._lock:
            if self.state is State.CLOSED:
                return Permit(self.generation)
            self.calls.short_circuited += 1
            return None

    def settle(self, permit: Permit, error: BaseException | None = None) -> None:
        """Take the result of a call: a success, or the failure `error`. A second result for one permit is ignored."""
        with self._lock:
            if permit.settled:
                return
            permit.settled = True
            if permit.generation != self.generation:
                self.calls.late += 1
                return
            self._slow_in_flight -= permit.slow
            if error is None:
                self.calls.successful += 1
                self._succeeded()
            else:
                self.calls.failed += 1
                self._failed(error)
        self._publish()

    def slow(self, permit: Permit) -> None:
        """Note that a call is in flight for longer than the slow-call time; the `fail_max`-th such call trips."""
        with self._lock:
            if permit.settled or permit.slow or permit.generation != self.generation:
                return
            permit.slow = True
            self._slow_in_flight += 1
            if self._slow_in_flight >= self.rules.fail_max:
                self._trip(f"{self._slow_in_flight} slow calls in flight")
        self._publish()

    def probe_due_in_s(self) -> float | None:
        """Return how long until a probe may start, 0 when it may now; None when none is to be made."""
        with self._lock:
            return self._probe_due_in_s()

    def begin_probe(self) -> Permit | None:
        """Move to HALF-OPEN and return leave for its one call; None when no probe is due."""
        with self._lock:
            if self._probe_due_in_s() != 0:
                return None
            self._why = "cooldown over"
            self._circuit.half_open()
            permit = Permit(self.generation)
        self._publish()
        return permit

    def take_control(self, control: Control) -> None:
        """Force the circuit OPEN or CLOSED until told otherwise, or give it back to its rules, which probe at once."""
        with self._lock:
            before, self.control = self.control, control
            self._why = f"{control} by the operator"
            if control is Control.FORCED_CLOSED and self.state is not State.CLOSED:
                self._circuit.close()
            elif control is Control.FORCED_OPEN and self.state is not State.OPEN:
                self._circuit.open()
            elif control is Control.AUTOMATIC and before is Control.FORCED_OPEN:
                self._circuit.open()
                self._open_until = self._clock()
        self._publish()

    def _probe_due_in_s(self) -> float | None:
        """Caller holds the lock."""
        if self.state is not State.OPEN or self.control is Control.FORCED_OPEN:
            return None
        return max(0.0, self._open_until - self._clock())

    def _succeeded(self) -> None:
        """Caller holds the lock."""
        probe = self.state is State.HALF_OPEN
        if probe or self._circuit.fail_counter:  # else there is nothing that pybreaker would change
            self._why = "probe succeeded"
            self._circuit.call(_succeed)
        if not probe:
            self._judge_window(failed=False)

    def _failed(self, error: BaseException) -> None:
        """Caller holds the lock."""
        if self.control is Control.FORCED_CLOSED:
            return
        if self.state is State.HALF_OPEN:
            self._failed_probes += 1
            self._tell_failure(f"probe failed: {error}")
        else:
            self._tell_failure(f"{self.rules.fail_max} consecutive failures: {error}")
            self._judge_window(failed=True)

    def _tell_failure(self, why: str) -> None:
        """Caller holds the lock."""
        self._why = why
        with suppress(_Failure):
            self._circuit.call(_fail)

    def _judge_window(self, *, failed: bool) -> None:
        """Caller holds the lock."""
        if self._window and (why := self._window.record(failed=failed)):
            self._trip(why)

    def _trip(self, why: str) -> None:
        """Caller holds the lock."""
        if self.control is not Control.FORCED_CLOSED:
            self._why = why
            self._circuit.open()

    def _moved(self, old: State, new: State) -> None:
        """Caller holds the lock: pybreaker changes its state within our calls alone."""
        self.state = new
        self.generation += 1
        self._slow_in_flight = 0
        if self._window:
            self._window.clear()
        if new is State.OPEN:
            self._open_until = self._clock() + cooldown_s(self.rules, self._failed_probes, self._chance)
        elif new is State.CLOSED:
            self._failed_probes = 0
        transition = Transition(timestamp(), old, new, self._why)
        self.transitions.append(transition)
        self._unpublished.append(transition)

    def _publish(self) -> None:
        """Caller does not hold the lock: a listener may call back, and may be slow."""
        while self._unpublished:
            with suppress(IndexError):  # another thread took it
                self._tell(self._unpublished.popleft())

    def _tell(self, transition: Transition) -> None:
        for listener in self._listeners:
            try:
                listener.transition(transition)
            except Exception:  # noqa: BLE001 - whatever a listener does wrong, the breaker goes on
                _log.exception("a listener of the circuit failed", circuit=self.name)


class _StateChanges(pybreaker.CircuitBreakerListener):
    """Hands pybreaker's changes of state on; it must not raise, or pybreaker would keep the old state."""

    def __init__(self, moved: Callable[[State, State], None]) -> None:
        self._moved = moved

    def state_change(
        self,
        cb: pybreaker.CircuitBreaker,  # noqa: ARG002 - pybreaker's signature
        old_state: pybreaker.CircuitBreakerState | None,
        new_state: pybreaker.CircuitBreakerState,
    ) -> None:
        old = old_state.name if old_state else pybreaker.STATE_CLOSED
        self._moved(State(old.upper()), State(new_state.name.upper()))


class _Failure(Exception):
    """Stands for the error of a call that has already ended, when its result is told to pybreaker."""


def _succeed() -> None:
    """Tell pybreaker of a success."""


def _fail() -> None:
    """Tell pybreaker of a failure."""
    raise _Failure
