"""The one way to hear what a guarded dependency does: subclass `Listener` and pass it to `Breaker.add_listener`."""

import threading
from collections import deque
from collections.abc import Callable

import structlog

from api_gateway_v2.transitions import Control, Transition

_log = structlog.get_logger()


class Listener:
    """Override the events you want. No lock is held: a listener may call back, and what it raises is logged."""

    def on_transition(self, transition: Transition) -> None:
        """Hear that the circuit changed its state. Transitions arrive one at a time and in order."""

    def on_control(self, control: Control) -> None:
        """Hear that an operator took or returned control. Arrives in order with the transitions."""

    def on_call_end(self, duration_s: float, *, failed: bool) -> None:
        """Hear that a call to the dependency ended. Runs on the thread that made the call."""

    def on_answer(self, *, degraded: bool) -> None:
        """Hear that a request got its answer, or a fallback. Runs on the thread of the request."""


class Listeners:
    """Tells every listener. Safe to share between threads."""

    def __init__(self, circuit: str) -> None:
        """`circuit` is the name that log lines give."""
        self._circuit = circuit
        self._listeners: tuple[Listener, ...] = ()
        self._queue: deque[Callable[[Listener], None]] = deque()
        self._delivering = threading.Lock()

    def add(self, listener: Listener) -> None:
        """Tell `listener` of every later event."""
        self._listeners = (*self._listeners, listener)

    def queue_transition(self, transition: Transition) -> None:
        """Queue a transition for `deliver`. The order of these calls is the order of delivery."""
        self._queue.append(lambda listener: listener.on_transition(transition))

    def queue_control(self, control: Control) -> None:
        """Queue a change of control for `deliver`."""
        self._queue.append(lambda listener: listener.on_control(control))

    def deliver(self) -> None:
        """Deliver what is queued, unless another thread is already doing so: it will deliver this, too."""
        while self._queue and self._delivering.acquire(blocking=False):
            try:
                while self._queue:
                    self._tell(self._queue.popleft())
            finally:
                self._delivering.release()

    def call_ended(self, duration_s: float, *, failed: bool) -> None:
        """Tell of a call that ended, now."""
        self._tell(lambda listener: listener.on_call_end(duration_s, failed=failed))

    def answered(self, *, degraded: bool) -> None:
        """Tell of a request that got its answer or a fallback, now."""
        self._tell(_degraded_answer if degraded else _full_answer)

    def _tell(self, event: Callable[[Listener], None]) -> None:
        for listener in self._listeners:
            try:
                event(listener)
            except Exception:  # noqa: BLE001 - whatever a listener raises must not reach the request or the breaker
                _log.exception("a listener of the circuit failed", circuit=self._circuit)


def _full_answer(listener: Listener) -> None:
    listener.on_answer(degraded=False)


def _degraded_answer(listener: Listener) -> None:
    listener.on_answer(degraded=True)
