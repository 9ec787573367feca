"""Events of a guarded dependency: subclass `Listener` and pass an instance to `Breaker.add_listener`."""

import threading
from collections import deque
from collections.abc import Callable

import structlog

from api_gateway_v2.permits import CallKind, Decision
from api_gateway_v2.transitions import Control, Transition

_log = structlog.get_logger()


class Listener:
    """Override the events you want. A listener may call the breaker, as no lock is held. Its exceptions are logged."""

    def on_transition(self, transition: Transition) -> None:
        """Called when the circuit has changed state, once for each transition and in order."""

    def on_control(self, control: Control) -> None:
        """Called when an operator has taken or returned control, in order with the transitions."""

    def on_probe_planned(self) -> None:
        """Called when the time of the next probe has been moved."""

    def on_call_end(self, duration_s: float, kind: CallKind) -> None:
        """Called when a call to the dependency has ended, on the thread that made the call."""

    def on_decision(self, decision: Decision) -> None:
        """Called when the guard has kept a request from its answer, on the thread of the request."""

    def on_probe(self, kind: CallKind) -> None:
        """Called when a probe has ended, on the thread that made it."""

    def on_answer(self, *, degraded: bool) -> None:
        """Called when a request has got its answer or a fallback, on the thread of the request."""


class Listeners:
    """Notifies all listeners. Safe to share between threads."""

    def __init__(self, circuit: str) -> None:
        """`circuit` is the name of the circuit in log lines."""
        self._circuit = circuit
        self._listeners: tuple[Listener, ...] = ()
        self._of_calls: tuple[Listener, ...] = ()  # those that override `on_call_end`
        self._of_decisions: tuple[Listener, ...] = ()  # those that override `on_decision`
        self._of_answers: tuple[Listener, ...] = ()  # those that override `on_answer`
        self._queue: deque[Callable[[Listener], None]] = deque()
        self._delivering = threading.Lock()

    def add(self, listener: Listener) -> None:
        """Notify `listener` of every later event."""
        self._listeners = (*self._listeners, listener)
        if type(listener).on_call_end is not Listener.on_call_end:
            self._of_calls = (*self._of_calls, listener)
        if type(listener).on_decision is not Listener.on_decision:
            self._of_decisions = (*self._of_decisions, listener)
        if type(listener).on_answer is not Listener.on_answer:
            self._of_answers = (*self._of_answers, listener)

    def queue_transition(self, transition: Transition) -> None:
        """Queue a transition for `deliver`. The order of these calls is the order of delivery."""
        self._queue.append(lambda listener: listener.on_transition(transition))

    def queue_control(self, control: Control) -> None:
        """Queue a change of control for `deliver`."""
        self._queue.append(lambda listener: listener.on_control(control))

    def deliver(self) -> None:
        """Deliver the queued events. If another thread is delivering, return: it delivers these events, too."""
        # The outer loop looks again after the release: an event may have been queued after the inner loop ended, by a
        # thread that then found `_delivering` taken and returned.
        while self._queue and self._delivering.acquire(blocking=False):
            try:
                while self._queue:
                    self._notify(self._listeners, self._queue.popleft())
            finally:
                self._delivering.release()

    def call_ended(self, duration_s: float, kind: CallKind) -> None:
        """Notify the listeners at once that a call has ended."""
        self._notify(self._of_calls, lambda listener: listener.on_call_end(duration_s, kind))

    def decided(self, decision: Decision) -> None:
        """Notify the listeners at once that the guard has kept a request from its answer."""
        self._notify(self._of_decisions, lambda listener: listener.on_decision(decision))

    def probe_planned(self) -> None:
        """Notify the listeners at once that the time of the next probe has been moved."""
        self._notify(self._listeners, lambda listener: listener.on_probe_planned())

    def probed(self, kind: CallKind) -> None:
        """Notify the listeners at once that a probe has ended."""
        self._notify(self._listeners, lambda listener: listener.on_probe(kind))

    def answered(self, *, degraded: bool) -> None:
        """Notify the listeners at once that a request has got its answer or a fallback."""
        self._notify(self._of_answers, _degraded_answer if degraded else _full_answer)

    def _notify(self, listeners: tuple[Listener, ...], event: Callable[[Listener], None]) -> None:
        for listener in listeners:
            try:
                event(listener)
            except Exception:  # noqa: BLE001 - whatever a listener raises must not reach the request or the breaker
                _log.exception("a listener of the circuit failed", circuit=self._circuit)


def _full_answer(listener: Listener) -> None:
    listener.on_answer(degraded=False)


def _degraded_answer(listener: Listener) -> None:
    listener.on_answer(degraded=True)
