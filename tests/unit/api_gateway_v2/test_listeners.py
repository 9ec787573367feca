"""The delivery of events to listeners."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from structlog.testing import capture_logs

from api_gateway_v2.listeners import Listener, Listeners
from api_gateway_v2.permits import CallKind
from api_gateway_v2.transitions import Control, State, Transition
from support.circuits import EventRecorder, FailingListener

PollUntil = Callable[..., None]


@pytest.fixture
def listeners() -> Listeners:
    """Return the listeners of a circuit, none yet."""
    return Listeners("recommendations-service")


def transition(number: int) -> Transition:
    """Return a transition that its number identifies."""
    return Transition("2026-01-01T00:00:00.000+00:00", 0.0, State.CLOSED, State.OPEN, str(number))


def test_delivers_every_event_to_every_listener(listeners: Listeners) -> None:
    """Each listener receives transitions, control, calls, answers and probes with their values."""
    recorders = [EventRecorder(), EventRecorder()]
    for recorder in recorders:
        listeners.add(recorder)
    listeners.queue_transition(transition(1))
    listeners.queue_control(Control.FORCED_OPEN)
    assert recorders[0] == EventRecorder(), "queued events wait for `deliver`"

    listeners.deliver()
    listeners.call_ended(0.5, CallKind.FAILED)
    listeners.answered(degraded=True)
    listeners.answered(degraded=False)
    listeners.probed(CallKind.IGNORED)

    expected = EventRecorder(
        [transition(1)], [Control.FORCED_OPEN], [(0.5, CallKind.FAILED)], [True, False], [CallKind.IGNORED]
    )
    assert recorders == [expected, expected]


def test_listener_receives_only_the_events_it_overrides(listeners: Listeners) -> None:
    """The events of a plain listener do nothing."""
    listeners.add(Listener())
    listeners.queue_transition(transition(1))
    listeners.queue_control(Control.AUTOMATIC)

    with capture_logs() as logs:
        listeners.deliver()
        listeners.call_ended(0.5, CallKind.SUCCESSFUL)
        listeners.answered(degraded=False)
        listeners.probed(CallKind.SUCCESSFUL)

    assert logs == []


def test_listener_that_raises_is_logged_and_passed_over(listeners: Listeners) -> None:
    """A listener's exception is logged with the circuit's name, and the next listener still receives the event."""
    recorder = EventRecorder()
    listeners.add(FailingListener())
    listeners.add(recorder)
    listeners.queue_transition(transition(1))
    listeners.queue_transition(transition(2))

    with capture_logs() as logs:
        listeners.deliver()

    assert recorder.transitions == [transition(1), transition(2)]
    assert [(line["event"], line["circuit"], line["log_level"]) for line in logs] == [
        ("a listener of the circuit failed", "recommendations-service", "error")
    ] * 2


def test_second_thread_leaves_delivery_to_the_first(listeners: Listeners) -> None:
    """While one thread delivers to a slow listener, another returns at once, and the order is kept."""
    begun, proceed = threading.Event(), threading.Event()

    class Slow(EventRecorder):
        def on_transition(self, transition: Transition) -> None:
            begun.set()
            proceed.wait(10)
            super().on_transition(transition)

    slow = Slow()
    listeners.add(slow)
    listeners.queue_transition(transition(1))
    with ThreadPoolExecutor(1) as other:
        first = other.submit(listeners.deliver)
        assert begun.wait(10)
        listeners.queue_transition(transition(2))
        listeners.deliver()
        assert slow.transitions == []
        proceed.set()
        first.result(10)

    assert slow.transitions == [transition(1), transition(2)]


def test_concurrent_deliveries_keep_the_order_and_lose_nothing(listeners: Listeners) -> None:
    """When eight threads queue and deliver at once, a listener receives every transition in the queue's order."""
    recorder, lock, numbers = EventRecorder(), threading.Lock(), iter(range(8000))
    listeners.add(recorder)

    def work() -> None:
        for _ in range(1000):
            with lock:
                listeners.queue_transition(transition(next(numbers)))
            listeners.deliver()

    with ThreadPoolExecutor(8) as threads:
        for worker in [threads.submit(work) for _ in range(8)]:
            worker.result(30)

    assert [int(received.reason) for received in recorder.transitions] == list(range(8000))
