"""The background probe, on timers that the tests fire."""

from collections.abc import Callable
from threading import Timer

import pytest

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.prober import Prober
from api_gateway_v2.transitions import Control, State
from shopkit import request_ids
from shopkit.errors import RequestRejected
from support.circuits import ManualClock, fail, reasons


class FakeTimer:
    """A timer that a test fires."""

    daemon = False

    def __init__(self, seconds: float, function: Callable[[], None]) -> None:
        self.seconds = seconds
        self.function = function
        self.started = self.cancelled = False

    def start(self) -> None:
        """Start."""
        self.started = True

    def cancel(self) -> None:
        """Cancel."""
        self.cancelled = True


class Probing:
    """A prober on `breaker`, its timers, and the probes that it makes."""

    def __init__(self, breaker: Breaker, clock: ManualClock) -> None:
        self.breaker = breaker
        self.clock = clock
        self.timers: list[FakeTimer] = []
        self.probes: list[str] = []
        self.error: Exception | None = None
        breaker.add_listener(Prober(breaker, self._probe, timer=self._make_timer))

    @property
    def due(self) -> list[float]:
        """Return the seconds of each timer that runs."""
        return [timer.seconds for timer in self.timers if timer.started and not timer.cancelled]

    def fire(self) -> None:
        """Let the time of the last timer pass and run its function."""
        timer = self.timers[-1]
        self.clock.move(timer.seconds)
        timer.function()

    def _make_timer(self, seconds: float, function: Callable[[], None]) -> FakeTimer:
        self.timers.append(FakeTimer(seconds, function))
        return self.timers[-1]

    def _probe(self) -> None:
        self.probes.append(request_ids.current())
        if self.error:
            raise self.error


@pytest.fixture
def probing(breaker: Breaker, clock: ManualClock) -> Probing:
    """Return a prober at work."""
    return Probing(breaker, clock)


def test_circuit_recovers_without_traffic(probing: Probing, breaker: Breaker) -> None:
    """After the cooldown one probe, under a request id of its own, closes the circuit, and no timer is left."""
    fail(breaker)
    assert probing.due == [10.0]
    assert probing.timers[-1].daemon

    probing.fire()

    assert breaker.state is State.CLOSED
    assert probing.due == []
    assert len(probing.probes) == 1
    assert probing.probes[0]


def test_repeats_failed_probes_until_one_succeeds(probing: Probing, breaker: Breaker) -> None:
    """Each failed probe is followed by a cooldown and another probe."""
    fail(breaker)
    for probing.error in (TimeoutError("one"), ZeroDivisionError("two"), None):
        assert probing.due == [10.0]
        probing.fire()

    assert breaker.state is State.CLOSED
    assert [reason for reason in reasons(breaker) if reason.startswith("probe")] == [
        "probe failed: one",
        "probe failed: two",
        "probe succeeded",
    ]


def test_rejection_closes_the_circuit(probing: Probing, breaker: Breaker) -> None:
    """A dependency that rejects the probe's request has answered."""
    probing.error = RequestRejected(404, "no such product")
    fail(breaker)
    probing.fire()

    assert breaker.state is State.CLOSED


def test_timer_that_fires_early_is_set_again(probing: Probing, breaker: Breaker, clock: ManualClock) -> None:
    """A timer that fires before the cooldown is over makes no probe and is followed by one for the rest."""
    fail(breaker)
    clock.move(9)
    probing.timers[-1].function()

    assert probing.probes == []
    assert (breaker.state, probing.due) == (State.OPEN, [1.0])


def test_timer_that_fires_too_late_does_nothing(probing: Probing, breaker: Breaker) -> None:
    """A timer that fires after the operator has closed the circuit makes no probe."""
    fail(breaker)
    breaker.take_control(Control.FORCED_CLOSED)
    probing.timers[-1].function()

    assert (probing.probes, probing.due, breaker.state) == ([], [], State.CLOSED)


def test_forced_open_circuit_is_not_probed_until_returned(probing: Probing, breaker: Breaker) -> None:
    """Forcing the circuit open cancels the probe, and automatic control makes one at once."""
    fail(breaker)
    breaker.take_control(Control.FORCED_OPEN)
    assert probing.due == []

    breaker.take_control(Control.AUTOMATIC)
    assert probing.due == [0.0]
    probing.fire()

    assert breaker.state is State.CLOSED


def test_probes_on_a_background_thread(breaker: Breaker) -> None:
    """Without a timer passed in, the prober uses threads."""
    assert Prober(breaker, lambda: None)._make_timer is Timer
