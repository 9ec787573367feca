"""The background probe, on a thread whose turns the tests take."""

from collections.abc import Callable
from threading import Event

import pytest
from structlog.testing import capture_logs

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.permits import CallKind
from api_gateway_v2.prober import Prober
from api_gateway_v2.transitions import Control, State
from shopkit import request_ids
from shopkit.errors import RequestRejected
from support.circuits import EventRecorder, ManualClock, fail, reasons

PollUntil = Callable[..., None]


class FakeThread:
    """A thread that does not run; it cannot start while the system has no thread left."""

    def __init__(self, system: "Probing") -> None:
        self._system = system

    def start(self) -> None:
        """Start."""
        if not self._system.has_threads:
            raise RuntimeError("can't start new thread")
        self._system.threads += 1


class Probing:
    """A prober on `breaker`, what its thread waits for, and the probes that it makes."""

    def __init__(self, breaker: Breaker, clock: ManualClock) -> None:
        self.breaker = breaker
        self.clock = clock
        self.has_threads = True
        self.threads = 0
        self.waits_s: list[float | None] = []
        self.probes: list[str] = []
        self.error: Exception | None = None
        self.meanwhile: Callable[[], None] = lambda: None  # what happens during the next wait
        self._prober = Prober(breaker, self._probe, thread=lambda _target: FakeThread(self), wait=self._wait)
        breaker.add_listener(self._prober)

    def turn(self) -> None:
        """Let the thread wait once, and probe when a probe is due then."""
        self._prober.wait_and_probe()

    def _wait(self, changed: Event, seconds: float | None) -> bool:
        self.waits_s.append(seconds)
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        if changed.is_set() or seconds is None:
            return True
        self.clock.move(seconds)
        return False

    def _probe(self) -> None:
        self.probes.append(request_ids.current())
        if self.error:
            raise self.error


@pytest.fixture
def probing(breaker: Breaker, clock: ManualClock) -> Probing:
    """Return a prober at work."""
    return Probing(breaker, clock)


def test_circuit_recovers_without_traffic(probing: Probing, breaker: Breaker) -> None:
    """After the cooldown one probe, under a request id of its own, closes the circuit, and no other is planned."""
    fail(breaker)
    probing.turn()

    assert breaker.state is State.CLOSED
    assert len(probing.probes) == 1
    assert probing.probes[0]

    probing.turn()
    assert (probing.waits_s, len(probing.probes)) == ([10.0, None], 1)


def test_repeats_failed_probes_until_one_succeeds(probing: Probing, breaker: Breaker) -> None:
    """Each failed probe is followed by a cooldown and another probe."""
    fail(breaker)
    for probing.error in (TimeoutError("one"), ZeroDivisionError("two"), None):
        probing.turn()

    assert (breaker.state, probing.waits_s) == (State.CLOSED, [10.0] * 3)
    assert [reason for reason in reasons(breaker) if reason.startswith("probe")] == [
        "probe failed: one",
        "probe failed: two",
        "probe succeeded",
    ]


def test_rejected_probe_proves_nothing(probing: Probing, breaker: Breaker) -> None:
    """A probe whose request is rejected opens the circuit again, and the next one may close it."""
    probing.error = RequestRejected(404, "no such product")
    fail(breaker)
    probing.turn()
    assert (breaker.state, reasons(breaker)[-1]) == (State.OPEN, "probe proved nothing: no such product")

    probing.error = None
    probing.turn()
    assert breaker.state is State.CLOSED


def test_reports_how_each_probe_ended(probing: Probing, breaker: Breaker) -> None:
    """The listeners hear of every probe and not of a turn without one."""
    heard = EventRecorder()
    breaker.add_listener(heard)
    fail(breaker)
    for probing.error in (TimeoutError("one"), RequestRejected(404, "no such product"), None, None):
        probing.turn()

    assert heard.probes == [CallKind.FAILED, CallKind.IGNORED, CallKind.SUCCESSFUL]


def test_makes_as_many_probes_as_it_takes(clock: ManualClock, make_breaker: Callable[..., Breaker]) -> None:
    """With three probes to close, they follow each other at once, and the third closes the circuit."""
    breaker = make_breaker(probes_to_close=3)
    probing = Probing(breaker, clock)
    fail(breaker)
    for _ in range(3):
        assert breaker.state is not State.CLOSED
        probing.turn()

    assert (probing.waits_s, len(probing.probes)) == ([10.0, 0.0, 0.0], 3)
    assert (breaker.state, reasons(breaker)[-1]) == (State.CLOSED, "3 probes succeeded")


def test_wait_that_ends_early_is_continued(probing: Probing, breaker: Breaker, clock: ManualClock) -> None:
    """A wait that ends before the cooldown is over makes no probe, and the next one lasts for the rest."""
    fail(breaker)
    probing.meanwhile = lambda: clock.move(-1)
    probing.turn()
    assert (probing.probes, breaker.state) == ([], State.OPEN)

    probing.turn()
    assert probing.waits_s == [10.0, 1.0]
    assert breaker.state is State.CLOSED


def test_circuit_that_the_operator_closes_is_not_probed(probing: Probing, breaker: Breaker) -> None:
    """An operator who closes the circuit during the cooldown ends the wait, and no probe is made."""
    fail(breaker)
    probing.meanwhile = lambda: breaker.take_control(Control.FORCED_CLOSED)
    probing.turn()
    probing.turn()

    assert (probing.probes, probing.waits_s, breaker.state) == ([], [10.0, None], State.CLOSED)


def test_forced_open_circuit_is_not_probed_until_returned(probing: Probing, breaker: Breaker) -> None:
    """Forcing the circuit open after a trip ends the wait for its cooldown, and automatic control probes at once."""
    fail(breaker)
    probing.meanwhile = lambda: breaker.take_control(Control.FORCED_OPEN)
    probing.turn()
    probing.meanwhile = lambda: breaker.take_control(Control.AUTOMATIC)
    probing.turn()
    assert probing.probes == []

    probing.turn()
    assert probing.waits_s == [10.0, None, 0.0]
    assert breaker.state is State.CLOSED


def test_thread_starts_with_the_first_call(probing: Probing, breaker: Breaker) -> None:
    """The thread starts once, when the first call has ended."""
    assert probing.threads == 0

    for _ in range(2):
        breaker.listeners.call_ended(0.1, CallKind.SUCCESSFUL)

    assert probing.threads == 1


def test_thread_that_could_not_start_is_tried_again(probing: Probing, breaker: Breaker) -> None:
    """When the system has no thread left, each later call and transition tries again, and no error is logged."""
    probing.has_threads = False
    with capture_logs() as lines:
        breaker.listeners.call_ended(0.1, CallKind.SUCCESSFUL)
        fail(breaker)
    assert (probing.threads, lines) == (0, [])

    probing.has_threads = True
    breaker.listeners.call_ended(0.1, CallKind.FAILED)
    assert probing.threads == 1


def test_probes_on_a_thread_of_its_own(poll_until: PollUntil) -> None:
    """Without a thread and a wait passed in, the circuit recovers in the background, trip after trip."""
    breaker = Breaker("recommendations-service", BreakerSettings(reset_timeout_s=0.01))
    breaker.add_listener(Prober(breaker, lambda: None))
    for _ in range(2):
        fail(breaker)
        poll_until(lambda: breaker.state is State.CLOSED)


def test_looks_again_when_its_probe_is_moved(probing: Probing, breaker: Breaker) -> None:
    """A probe that is made due at once is not slept through."""
    fail(breaker)
    probing.meanwhile = lambda: breaker.plan_probe(0.0)
    probing.turn()
    probing.turn()

    assert (probing.waits_s, len(probing.probes), breaker.state) == ([10.0, 0.0], 1, State.CLOSED)
