"""The breaker against a small model, driven by Hypothesis through arbitrary sequences of events."""

from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from api_gateway_v2.breaker import TRANSITIONS_KEPT, Breaker
from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.permits import Permit
from api_gateway_v2.rules import RECENT_S, WAITS_FROM
from api_gateway_v2.transitions import Control, State
from shopkit.errors import RequestRejected
from support.circuits import EventRecorder, ManualClock

COOLDOWN_S = 10.0
SLOW_CALL_S = 0.1
WINDOW_CALLS = 6
WINDOW_S = 10.0
MINIMUM_CALLS = 3
RAMP_S = 10.0
RATES = [(None, None), (0.5, None), (0.7, 0.5), (1.0, 1.0)]  # of failures and of slow calls
RATES_AND_WINDOWS = [(*rates, window_s) for rates in RATES for window_s in (None, WINDOW_S)]
RESULTS = (None, TimeoutError(), RequestRejected(404, "no"))


@dataclass
class CircuitModel:
    """The expected circuit, as simple as possible."""

    fail_max: int
    probes_to_close: int = 1
    failure_rate: float | None = None
    slow_call_rate: float | None = None
    window_s: float | None = None
    ramp_s: float = 0.0
    state: State = State.CLOSED
    control: Control = Control.AUTOMATIC
    epoch: int = 0  # grows with each transition
    in_a_row: int = 0
    ended: list[tuple[float, bool, bool]] = field(default_factory=list)  # of this epoch: when, failed, took long
    slow_in_flight: set[int] = field(default_factory=set)
    unanswered: dict[int, float] = field(default_factory=dict)  # calls in flight that no success has spoken for
    failed_at: float | None = None  # of the last result, if it is a failure of this epoch
    good_probes: int = 0
    is_probing: bool = False
    open_until: float = 0.0
    ramp_until: float = 0.0
    ramp_credit: float = 0.0

    def move(self, state: State, now: float) -> None:
        """Change the state."""
        self.state = state
        self.epoch += 1
        self.forget()
        self.good_probes, self.is_probing = 0, False
        self.open_until = now + COOLDOWN_S
        if state is State.CLOSED and self.control is Control.AUTOMATIC:
            self.ramp_until, self.ramp_credit = now + self.ramp_s, 0.0

    def forget(self) -> None:
        """Forget all calls."""
        self.unanswered.clear()
        self.slow_in_flight.clear()
        self.in_a_row = 0
        self.failed_at = None
        self.ended = []

    def admits(self, now: float) -> bool:
        """Return whether the next call is admitted."""
        if self.state is not State.CLOSED or now >= self.ramp_until:
            return self.state is State.CLOSED
        self.ramp_credit += 1 - (self.ramp_until - now) / self.ramp_s
        is_admitted = self.ramp_credit >= 1
        self.ramp_credit -= is_admitted
        return is_admitted

    def window(self, now: float) -> list[tuple[float, bool, bool]]:
        """Return the calls that the rates are of: a window of time loses a tenth of itself at a time."""
        if self.window_s is None:
            return self.ended[-WINDOW_CALLS:]
        tenth_s = self.window_s / 10
        return [call for call in self.ended if int(call[0] / tenth_s) > int(now / tenth_s) - 10]

    def failures(self, now: float) -> int:
        """Return the failures that count towards a trip."""
        return self.in_a_row if self.failure_rate is None else sum(failed for _, failed, _ in self.window(now))

    def suspects(self, now: float) -> bool:
        """Return whether a call waits that no success has spoken for, or the last result is a recent failure."""
        waits = any(now - began >= WAITS_FROM * SLOW_CALL_S for began in self.unanswered.values())
        return waits or (self.failed_at is not None and now - self.failed_at <= RECENT_S)

    def end_probe(self, error: Exception | None, now: float) -> None:
        """End the probe; a rejected request proves nothing."""
        self.is_probing = False
        if error:
            self.move(State.OPEN, now)
            return
        self.good_probes += 1
        if self.good_probes == self.probes_to_close:
            self.move(State.CLOSED, now)

    def end_call(self, error: Exception | None, duration: float, now: float) -> None:
        """End a call of this epoch; a rejected request means nothing."""
        if isinstance(error, RequestRejected) or self.control is Control.FORCED_CLOSED:
            return
        self.ended.append((now, error is not None, duration >= SLOW_CALL_S))
        self.in_a_row = self.in_a_row + 1 if error else 0
        self.failed_at = now if error else None
        if error is None:
            self.unanswered.clear()
        self.trip_if_due(now)

    def be_slow(self, number: int, now: float) -> None:
        """Take the report that a call of this epoch is slow."""
        self.slow_in_flight.add(number)
        waiting = sum(now - began >= WAITS_FROM * SLOW_CALL_S for began in self.unanswered.values())
        self.trip_if_due(now, is_silent=number in self.unanswered and waiting >= self.fail_max)

    def trip_if_due(self, now: float, *, is_silent: bool = False) -> None:
        """Open the circuit when any of its rules says so."""
        failures = self.in_a_row >= self.fail_max
        if self.failure_rate is not None:
            failures = _reached(self.failure_rate, [failed for _, failed, _ in self.window(now)])
        slow_calls = [took_long for _, _, took_long in self.window(now)] + [True] * len(self.slow_in_flight)
        too_slow = self.slow_call_rate is not None and _reached(self.slow_call_rate, slow_calls)
        if failures or too_slow or is_silent:
            self.move(State.OPEN, now)


def _reached(rate: float, calls: list[bool]) -> bool:
    return len(calls) >= MINIMUM_CALLS and sum(calls) >= rate * len(calls)


@dataclass
class AdmittedCall:
    """An admitted call that has not ended."""

    permit: Permit
    epoch: int
    number: int


class BreakerMachine(RuleBasedStateMachine):
    """Makes calls, gives results in any order, late or twice, moves the clock, probes and takes control."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.calls: list[AdmittedCall] = []
        self.admitted = self.refused = self.settled = 0

    @initialize(
        fail_max=st.integers(1, 5),
        probes_to_close=st.integers(1, 3),
        rates=st.sampled_from(RATES_AND_WINDOWS),
        ramp_s=st.sampled_from([0.0, RAMP_S]),
    )
    def start(
        self, fail_max: int, probes_to_close: int, rates: tuple[float | None, float | None, float | None], ramp_s: float
    ) -> None:
        """Start with a CLOSED circuit."""
        self.model = CircuitModel(fail_max, probes_to_close, *rates, ramp_s)
        settings = BreakerSettings(
            fail_max=fail_max,
            failure_rate=rates[0],
            slow_call_rate=rates[1],
            slow_call_s=SLOW_CALL_S,
            window_calls=WINDOW_CALLS,
            window_s=rates[2],
            ramp_s=ramp_s,
            minimum_calls=MINIMUM_CALLS,
            reset_timeout_s=COOLDOWN_S,
            probes_to_close=probes_to_close,
        )
        self.breaker = Breaker("dependency", settings, clock=self.clock)
        self.recorder = EventRecorder()
        self.breaker.add_listener(self.recorder)

    @rule(count=st.integers(1, 6))
    def call(self, count: int) -> None:
        """Callers ask for permission."""
        for _ in range(count):
            permit = self.breaker.admit()
            assert (permit is not None) == self.model.admits(self.clock())
            if permit:
                self._begin(permit)
                if self.model.control is Control.AUTOMATIC:
                    self.model.unanswered[self.admitted] = self.clock()
            else:
                self.refused += 1

    @precondition(lambda self: self.calls)
    @rule(data=st.data(), error=st.sampled_from(RESULTS), twice=st.booleans())
    def end(self, data: st.DataObject, error: Exception | None, twice: bool) -> None:
        """End any call in flight, however old it is."""
        self._end(data.draw(st.sampled_from(self.calls)), error, twice=twice)

    @precondition(lambda self: self.model.state is not State.CLOSED and self.model.control is Control.AUTOMATIC)
    @rule()
    def recover(self) -> None:
        """Wait for the cooldown, and let every probe succeed."""
        self.clock.move(COOLDOWN_S)
        while self.model.state is not State.CLOSED:
            self.probe()
            self._end(next(call for call in self.calls if call.epoch == self.model.epoch), None)

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def be_slow(self, data: st.DataObject) -> None:
        """Report any call in flight as slow."""
        call = data.draw(st.sampled_from(self.calls))
        self.breaker.slow(call.permit)
        if call.epoch == self.model.epoch and self.model.control is not Control.FORCED_CLOSED:
            self.model.be_slow(call.number, self.clock())

    @rule(seconds=st.sampled_from([0.0, 0.01, 0.1, 1.0, 5.0, 9.9, 10.0, 1e6]))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.move(seconds)

    @rule()
    def probe(self) -> None:
        """Make a probe if one is due."""
        due = (
            self.model.state is State.OPEN
            and self.model.control is not Control.FORCED_OPEN
            and self.clock() >= self.model.open_until
        ) or (self.model.state is State.HALF_OPEN and not self.model.is_probing)
        assert (self.breaker.probe_due_in_s() == 0) == due
        permit = self.breaker.admit_probe()
        assert (permit is not None) == due
        if permit:
            if self.model.state is State.OPEN:
                self.model.move(State.HALF_OPEN, self.clock())
            self.model.is_probing = True
            self._begin(permit)

    @rule()
    def open_early(self) -> None:
        """Offer a reason from outside to open the circuit."""
        model = self.model
        takes_it = model.state is State.CLOSED and model.control is Control.AUTOMATIC and model.suspects(self.clock())
        if takes_it:
            model.move(State.OPEN, self.clock())
        assert self.breaker.open_early("others are OPEN") == (model.epoch if takes_it else None)

    @rule(in_s=st.sampled_from([0.0, 1.0, COOLDOWN_S]))
    def plan_probe(self, in_s: float) -> None:
        """Move the time of the next probe."""
        self.breaker.plan_probe(in_s)
        if self.model.state is State.OPEN and self.model.control is Control.AUTOMATIC:
            self.model.open_until = self.clock() + in_s

    @rule(control=st.sampled_from(Control))
    def operate(self, control: Control) -> None:
        """Take or return control."""
        before, self.model.control = self.model.control, control
        self.model.forget()
        self.model.ramp_until = 0.0
        self.breaker.take_control(control)
        if control is Control.FORCED_CLOSED and self.model.state is not State.CLOSED:
            self.model.move(State.CLOSED, self.clock())
        elif control is Control.FORCED_OPEN and self.model.state is not State.OPEN:
            self.model.move(State.OPEN, self.clock())
        elif control is Control.AUTOMATIC and before is Control.FORCED_OPEN:
            self.model.open_until = self.clock()

    @invariant()
    def snapshot_agrees_with_the_model(self) -> None:
        """State, control, generation and failure count are those of the model."""
        if hasattr(self, "model"):
            now = self.breaker.snapshot()
            assert (now.state, now.control, now.generation) == (self.model.state, self.model.control, self.model.epoch)
            if now.state is State.CLOSED:
                assert now.failure_count == self.model.failures(self.clock())

    @invariant()
    def counts_add_up(self) -> None:
        """Every call is counted once: successful, failed, ignored, late, refused, or still in flight."""
        if hasattr(self, "model"):
            calls = self.breaker.snapshot().calls
            assert calls.successful + calls.failed + calls.ignored + calls.late == self.settled
            assert self.settled + len(self.calls) == self.admitted
            assert calls.short_circuited == self.refused

    @invariant()
    def half_open_has_one_probe(self) -> None:
        """In HALF-OPEN at most one call in flight belongs to the current generation."""
        if hasattr(self, "model") and self.breaker.state is State.HALF_OPEN:
            assert sum(self.breaker.is_current(call.permit) for call in self.calls) == self.model.is_probing

    @invariant()
    def transitions_join_up(self) -> None:
        """Each transition changes the state, begins where the one before it ended, and has reached the listener."""
        if hasattr(self, "model"):
            moves = self.recorder.transitions
            assert len(moves) == self.model.epoch
            assert tuple(moves[-TRANSITIONS_KEPT:]) == self.breaker.snapshot().transitions
            assert all(a.to_state is b.from_state for a, b in pairwise(moves))
            assert all(move.reason and move.from_state is not move.to_state for move in moves)

    def _end(self, call: AdmittedCall, error: Exception | None, *, twice: bool = False) -> None:
        self.calls.remove(call)
        for _ in range(2 if twice else 1):
            self.breaker.settle(call.permit, error)
        self.settled += 1
        if call.epoch == self.model.epoch:
            self.model.unanswered.pop(call.number, None)
            self.model.slow_in_flight.discard(call.number)
            if self.model.state is State.HALF_OPEN:
                self.model.end_probe(error, self.clock())
            else:
                self.model.end_call(error, self.clock() - call.permit.admitted_at_s, self.clock())

    def _begin(self, permit: Permit) -> None:
        self.admitted += 1
        self.calls.append(AdmittedCall(permit, self.model.epoch, self.admitted))


TestBreakerModel = BreakerMachine.TestCase
TestBreakerModel.settings = settings(max_examples=100, stateful_step_count=60)
