"""The background probe: when the circuit opens, a timer waits for the cooldown and then makes the probe."""

import threading
from collections.abc import Callable
from typing import Protocol

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.listeners import Listener
from api_gateway_v2.rules import failure_in
from api_gateway_v2.transitions import Control, Transition
from shopkit import request_ids


class ProbeTimer(Protocol):
    """The part of `threading.Timer` that the prober uses."""

    daemon: bool

    def start(self) -> None:
        """Run the function after the interval."""

    def cancel(self) -> None:
        """Cancel the run if it has not begun."""


class Prober(Listener):
    """Makes the probes of one circuit, so that no request waits for a probe and recovery needs no traffic.

    Add the prober to its breaker as a listener: every transition and every operator's order resets the timer.
    """

    def __init__(
        self,
        breaker: Breaker,
        probe: Callable[[], object],
        *,
        timer: Callable[[float, Callable[[], None]], ProbeTimer] = threading.Timer,
    ) -> None:
        """`probe` calls the dependency and raises if it fails; `timer` takes seconds and a function."""
        self._breaker = breaker
        self._probe = probe
        self._make_timer = timer
        self._timer: ProbeTimer | None = None
        self._lock = threading.Lock()

    def on_transition(self, transition: Transition) -> None:  # noqa: ARG002 - Listener's signature
        """Reset the timer to the time of the next probe."""
        self._schedule()

    def on_control(self, control: Control) -> None:  # noqa: ARG002 - Listener's signature
        """Reset the timer to the time of the next probe."""
        self._schedule()

    def _schedule(self) -> None:
        with self._lock:
            if self._timer:
                self._timer.cancel()
                self._timer = None
            due_in_s = self._breaker.probe_due_in_s()
            if due_in_s is not None:
                self._timer = self._make_timer(due_in_s, self._make_probe)
                self._timer.daemon = True
                self._timer.start()

    def _make_probe(self) -> None:
        permit = self._breaker.admit_probe()
        if permit is None:  # the timer was early, or the state has changed
            self._schedule()
            return
        request_ids.begin()
        error: BaseException | None = None
        try:
            self._probe()
        except Exception as raised:  # noqa: BLE001 - whatever a probe raises, it must be settled
            error = raised
        self._breaker.settle(permit, failure_in(error))
