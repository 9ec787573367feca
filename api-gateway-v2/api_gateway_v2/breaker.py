"""The circuit breaker, a state machine in the shape of sony/gobreaker.

                    a trip rule says so
            CLOSED ---------------------> OPEN <--+
              ^                            |      |
              |               cooldown over|      | probe failed
              |                            v      |
              +----------------------- HALF-OPEN -+
                  probes succeeded

An operator can force the circuit OPEN or CLOSED from any state. Evidence from elsewhere can open it early, and move the
time of its next probe.

A caller gets a permit from `admit` before a call and reports the result to `settle` afterwards; `slow` reports a call
that takes long. The lock is held for this bookkeeping only, never while a call runs. Every transition starts a new
generation, and results from earlier generations no longer count. A rejected request is an answer that says nothing
about the dependency's health: it counts neither as a success nor as a failure.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.cooldown import cooldown_s
from api_gateway_v2.listeners import Listener, Listeners
from api_gateway_v2.permits import CallKind, Permit, kind_of
from api_gateway_v2.pybreaker_circuit import PybreakerCircuit
from api_gateway_v2.ramp import Ramp
from api_gateway_v2.rules import trip_rules
from api_gateway_v2.transitions import Control, State, Transition
from shopkit.clock import timestamp

TRANSITIONS_KEPT = 100


@dataclass(slots=True)
class CallCounts:
    """Call counters since start."""

    successful: int = 0
    failed: int = 0
    ignored: int = 0  # rejected requests: neither
    late: int = 0  # results from an earlier generation: dropped
    short_circuited: int = 0  # refused because the circuit was not CLOSED, or had closed only just now (the ramp)

    def count(self, kind: CallKind) -> None:
        """Count a call that has ended."""
        if kind is CallKind.SUCCESSFUL:
            self.successful += 1
        elif kind is CallKind.FAILED:
            self.failed += 1
        else:
            self.ignored += 1


@dataclass(frozen=True, slots=True)
class CircuitSnapshot:
    """A consistent copy of a circuit at one moment."""

    taken_at_s: float  # on the breaker's clock
    state: State
    control: Control
    generation: int
    failure_count: int  # failures that count towards a trip
    probe_due_in_s: float | None  # 0 when a probe is due, None when no probe is planned
    admitted_share: float  # of the calls: 1 while CLOSED, less during the ramp, 0 in the other states
    calls: CallCounts
    transitions: tuple[Transition, ...]  # the last TRANSITIONS_KEPT


class Breaker:
    """A circuit breaker for one dependency. Safe to share between threads; no method blocks on a call in flight."""

    def __init__(
        self,
        name: str,
        settings: BreakerSettings | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        rng: random.Random | None = None,
    ) -> None:
        """`clock` returns monotonic seconds; `rng` draws the jitter of the cooldown."""
        self.name = name
        self.settings = settings or BreakerSettings()
        self.listeners = Listeners(name)
        self.clock = clock
        self._rng = rng or random.Random()  # noqa: S311 - jitter needs no cryptography
        self._lock = threading.Lock()
        self._circuit = PybreakerCircuit()
        self._state = self._circuit.state  # a copy: reading pybreaker's costs as much as all of `admit`
        self._control = Control.AUTOMATIC
        self._generation = 0
        self._rules = trip_rules(self.settings)
        self._calls = CallCounts()
        self._transitions: deque[Transition] = deque(maxlen=TRANSITIONS_KEPT)
        self._failed_probes = 0  # in a row
        self._good_probes = 0  # in this HALF-OPEN
        self._is_probing = False
        self._open_until = 0.0
        self._ramp = Ramp(self.settings.ramp_s)

    @property
    def state(self) -> State:
        """Return the state of the circuit."""
        return self._state

    def add_listener(self, listener: Listener) -> None:
        """Notify `listener` of every later event."""
        self.listeners.add(listener)

    def admit(self) -> Permit | None:
        """Return a permit for one call, or None if the circuit is not CLOSED or its ramp refuses the call."""
        with self._lock:
            now_s = self.clock()
            if self._state is State.CLOSED and self._ramp.admits(now_s):
                permit = Permit(self._generation, now_s)
                if self._control is Control.AUTOMATIC:
                    for rule in self._rules:
                        rule.on_admit(permit)
                return permit
            self._calls.short_circuited += 1
            return None

    def admit_probe(self) -> Permit | None:
        """Move to HALF-OPEN and return a permit for the probe; return None when no probe is due."""
        with self._lock:
            if self._probe_due_in_s() != 0:
                return None
            if self._state is State.OPEN:
                self._move(State.HALF_OPEN, "cooldown over")
            self._is_probing = True
            permit = Permit(self._generation, self.clock())
        self.listeners.deliver()
        return permit

    def settle(self, permit: Permit, error: BaseException | None = None) -> None:
        """Record the result of a call, a success if `error` is None, ignored if it is a RequestRejected.

        Only the first result of a permit counts.
        """
        with self._lock:
            if permit.settled:
                return
            permit.settled = True
            if permit.generation != self._generation:
                self._calls.late += 1
                return
            kind = kind_of(error)
            self._calls.count(kind)
            change = self._next_state(permit, kind, error)
            if change is None:
                return
            self._move(*change)
        self.listeners.deliver()

    def withdraw(self, permit: Permit) -> None:
        """Take back the permit of a call that is not made after all: it counts as nothing."""
        with self._lock:
            permit.settled = True
            for rule in self._rules:
                rule.on_ignored(permit)

    def slow(self, permit: Permit) -> None:
        """Note that a call has been in flight for longer than the slow-call time."""
        with self._lock:
            if permit.settled or not self.is_current(permit) or self._control is Control.FORCED_CLOSED:
                return
            now_s = self.clock()
            reasons = [reason for rule in self._rules if (reason := rule.on_slow(permit, now_s))]
            if reasons:
                self._move(State.OPEN, reasons[0])
        self.listeners.deliver()

    def open_early(self, reason: str) -> int | None:
        """Open a CLOSED circuit for a reason from outside, if its own latest calls speak against the dependency, too.

        Return the generation that begins, or None where the circuit stays as it is.
        """
        with self._lock:
            if self._state is not State.CLOSED or self._control is not Control.AUTOMATIC:
                return None
            now_s = self.clock()
            if not any(rule.suspects(now_s) for rule in self._rules):
                return None
            self._move(State.OPEN, reason)
            generation = self._generation
        self.listeners.deliver()
        return generation

    def plan_probe(self, in_s: float) -> None:
        """Make the next probe due in so many seconds, if the circuit is OPEN and nobody has forced it."""
        with self._lock:
            if self._state is not State.OPEN or self._control is not Control.AUTOMATIC:
                return
            self._open_until = self.clock() + in_s
        self.listeners.probe_planned()

    def is_current(self, permit: Permit) -> bool:
        """Return whether the state is still the one that `permit` was given in."""
        return permit.generation == self._generation

    def take_control(self, control: Control) -> None:
        """Force the circuit OPEN or CLOSED, or return it to its rules, which start afresh.

        While the circuit is forced CLOSED, no rule sees any call. After FORCED_OPEN a probe is due at once.
        """
        forced_state = {Control.FORCED_OPEN: State.OPEN, Control.FORCED_CLOSED: State.CLOSED}.get(control)
        with self._lock:
            was_forced_open = self._control is Control.FORCED_OPEN
            self._control = control
            self._reset_rules()
            self._ramp.stop()
            if forced_state and forced_state is not self._state:
                self._move(forced_state, f"{control} by the operator")
            elif control is Control.AUTOMATIC and was_forced_open:
                self._open_until = self.clock()
            self.listeners.queue_control(control)
        self.listeners.deliver()

    def probe_due_in_s(self) -> float | None:
        """Return the seconds until a probe is due, 0 if it is due now, None if no probe is planned."""
        with self._lock:
            return self._probe_due_in_s()

    def snapshot(self) -> CircuitSnapshot:
        """Return a consistent copy of the circuit."""
        with self._lock:
            now_s = self.clock()
            return CircuitSnapshot(
                taken_at_s=now_s,
                state=self._state,
                control=self._control,
                generation=self._generation,
                failure_count=sum(rule.failures(now_s) for rule in self._rules),
                probe_due_in_s=self._probe_due_in_s(),
                admitted_share=self._ramp.share(now_s) if self._state is State.CLOSED else 0.0,
                calls=replace(self._calls),
                transitions=tuple(self._transitions),
            )

    # Callers of the methods below hold the lock.

    def _next_state(self, permit: Permit, kind: CallKind, error: BaseException | None) -> tuple[State, str] | None:
        """Record a result; return the next state and the reason, or None for no change."""
        if self._state is State.HALF_OPEN:
            return self._after_probe(kind, error)
        if self._control is Control.FORCED_CLOSED:
            return None
        if kind is CallKind.IGNORED:
            for rule in self._rules:
                rule.on_ignored(permit)
            return None
        reason, now_s = "", self.clock()
        for rule in self._rules:  # every rule sees every result
            reason = rule.on_result(permit, error, now_s) or reason
        return (State.OPEN, reason) if reason else None

    def _after_probe(self, kind: CallKind, error: BaseException | None) -> tuple[State, str] | None:
        """Return the state after a probe, or None if another probe must succeed first."""
        self._is_probing = False
        if kind is CallKind.SUCCESSFUL:
            self._good_probes += 1
            if self._good_probes < self.settings.probes_to_close:
                return None
            what = "probe" if self._good_probes == 1 else f"{self._good_probes} probes"
            return State.CLOSED, f"{what} succeeded"
        if kind is CallKind.FAILED:
            self._failed_probes += 1
            return State.OPEN, f"probe failed: {error}"
        return State.OPEN, f"probe proved nothing: {error}"

    def _move(self, to: State, reason: str) -> None:
        """Change the state, start a new generation, and queue the transition for the listeners."""
        now_s = self.clock()
        transition = Transition(timestamp(), now_s, self._state, to, reason)
        self._state = self._circuit.move(to)
        self._generation += 1
        self._reset_rules()
        self._is_probing, self._good_probes = False, 0
        if to is State.OPEN:
            self._open_until = now_s + cooldown_s(self.settings, self._failed_probes, self._rng)
        elif to is State.CLOSED:
            self._failed_probes = 0
            if self._control is Control.AUTOMATIC:
                self._ramp.start(now_s)
        self._transitions.append(transition)
        self.listeners.queue_transition(transition)

    def _reset_rules(self) -> None:
        for rule in self._rules:
            rule.reset()

    def _probe_due_in_s(self) -> float | None:
        if self._state is State.HALF_OPEN and not self._is_probing:
            return 0.0
        if self._state is not State.OPEN or self._control is Control.FORCED_OPEN:
            return None
        return max(0.0, self._open_until - self.clock())
