"""What tests do to a circuit."""

import random
from dataclasses import dataclass, field

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.listeners import Listener
from api_gateway_v2.permits import CallKind, Permit
from api_gateway_v2.transitions import Control, State, Transition


@dataclass
class ManualClock:
    """A monotonic clock that stands still until a test moves it."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now_s

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds


class FixedRng(random.Random):
    """A source of randomness that always draws the same number."""

    def __init__(self, drawn: float) -> None:
        """`drawn` is from 0 to 1."""
        super().__init__()
        self._drawn = drawn

    def random(self) -> float:
        """Return the number."""
        return self._drawn


@dataclass
class EventRecorder(Listener):
    """A listener that remembers every event."""

    transitions: list[Transition] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    calls: list[tuple[float, CallKind]] = field(default_factory=list)
    answers: list[bool] = field(default_factory=list)
    probes: list[CallKind] = field(default_factory=list)

    @property
    def moves(self) -> list[tuple[State, State]]:
        """Return the states before and after each transition."""
        return [(transition.from_state, transition.to_state) for transition in self.transitions]

    def on_transition(self, transition: Transition) -> None:
        """Remember the transition."""
        self.transitions.append(transition)

    def on_control(self, control: Control) -> None:
        """Remember the control."""
        self.controls.append(control)

    def on_call_end(self, duration_s: float, kind: CallKind) -> None:
        """Remember the duration, and how the call ended."""
        self.calls.append((duration_s, kind))

    def on_probe(self, kind: CallKind) -> None:
        """Remember how the probe ended."""
        self.probes.append(kind)

    def on_answer(self, *, degraded: bool) -> None:
        """Remember whether the answer was degraded."""
        self.answers.append(degraded)


class FailingListener(Listener):
    """A listener that raises at every event."""

    def on_transition(self, transition: Transition) -> None:
        """Raise."""
        raise RuntimeError(transition.reason)

    def on_control(self, control: Control) -> None:
        """Raise."""
        raise RuntimeError(control)

    def on_call_end(self, duration_s: float, kind: CallKind) -> None:
        """Raise."""
        raise RuntimeError(duration_s, kind)

    def on_probe(self, kind: CallKind) -> None:
        """Raise."""
        raise RuntimeError(kind)

    def on_answer(self, *, degraded: bool) -> None:
        """Raise."""
        raise RuntimeError(degraded)


def admitted(breaker: Breaker) -> Permit:
    """Return a permit; fail if the breaker refuses."""
    permit = breaker.admit()
    assert permit is not None
    return permit


def fail(breaker: Breaker, times: int = 3, error: Exception | None = None) -> None:
    """Make calls that fail."""
    for _ in range(times):
        breaker.settle(admitted(breaker), error or ConnectionError("refused"))


def succeed(breaker: Breaker, times: int = 1) -> None:
    """Make calls that succeed."""
    for _ in range(times):
        breaker.settle(admitted(breaker))


def probe(breaker: Breaker, error: Exception | None = None) -> None:
    """Make the probe; fail if none is due."""
    permit = breaker.admit_probe()
    assert permit is not None
    breaker.settle(permit, error)


def reasons(breaker: Breaker) -> list[str]:
    """Return the reason of each transition."""
    return [transition.reason for transition in breaker.snapshot().transitions]
