"""The background probe: one thread waits until a probe is due and makes it."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Protocol

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.listeners import Listener
from api_gateway_v2.permits import CallKind, kind_of
from api_gateway_v2.transitions import Control, Transition
from shopkit import request_ids


class ProbeThread(Protocol):
    """The part of `threading.Thread` that the prober uses."""

    def start(self) -> None:
        """Run the target; raise RuntimeError if the system has no thread left."""


class Prober(Listener):
    """Makes the probes of one circuit, so that no request waits for a probe and recovery needs no traffic.

    Add the prober to its breaker as a listener: every transition, every operator's order and evidence from elsewhere
    change when a probe is due. Its thread starts when the first call ends, long before it is needed, because the system
    may have no thread left when calls hang. While it has none, each later event tries again.
    """

    def __init__(
        self,
        breaker: Breaker,
        probe: Callable[[], object],
        *,
        thread: Callable[[Callable[[], None]], ProbeThread] = lambda target: threading.Thread(
            target=target, name="prober", daemon=True
        ),
        wait: Callable[[threading.Event, float | None], bool] = threading.Event.wait,
        span: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        """`probe` calls the dependency and raises if it fails.

        `thread` makes a thread that runs a function; `wait` waits for an event, for so many seconds at most; `span` is
        around each probe and what the breaker makes of it.
        """
        self._breaker = breaker
        self._probe = probe
        self._make_thread = thread
        self._wait = wait
        self._span = span
        self._lock = threading.Lock()
        self._runs = False
        self._changed = threading.Event()

    def on_call_end(self, duration_s: float, kind: CallKind) -> None:  # noqa: ARG002 - Listener's signature
        """Start the thread, unless it runs."""
        if not self._runs:
            self._start()

    def on_transition(self, transition: Transition) -> None:  # noqa: ARG002 - Listener's signature
        """Make the thread look again when the next probe is due."""
        self._look_again()

    def on_control(self, control: Control) -> None:  # noqa: ARG002 - Listener's signature
        """Make the thread look again when the next probe is due."""
        self._look_again()

    def on_probe_planned(self) -> None:
        """Make the thread look again when the next probe is due."""
        self._look_again()

    def wait_and_probe(self) -> None:
        """Wait until a probe is due, and make it; return early, without a probe, when something has changed."""
        self._changed.clear()
        if not self._wait(self._changed, self._breaker.probe_due_in_s()):
            self._make_probe()

    def _look_again(self) -> None:
        self._changed.set()
        if not self._runs:
            self._start()

    def _start(self) -> None:
        with self._lock, suppress(RuntimeError):  # no thread left: the next event tries again
            if not self._runs:
                self._make_thread(self._run).start()
                self._runs = True

    def _run(self) -> None:
        while True:
            self.wait_and_probe()

    def _make_probe(self) -> None:
        permit = self._breaker.admit_probe()
        if permit is None:  # the wait was short, or the state has changed
            return
        with self._span():
            request_ids.begin()
            error = self._error_of_probe()
            self._breaker.settle(permit, error)
            self._breaker.listeners.probed(kind_of(error))

    def _error_of_probe(self) -> Exception | None:
        try:
            self._probe()
        except Exception as error:  # noqa: BLE001 - whatever a probe raises, it must be settled
            return error
        return None
