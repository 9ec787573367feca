"""The background probe: while the circuit is OPEN, a timer waits out the cooldown and makes the probe."""

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
        """Do not run it any more."""


class Prober(Listener):
    """Makes the probes of one circuit, so that no request waits for a probe and recovery needs no traffic.

    It must be a listener of its breaker: every transition and every operator's order sets the timer anew.
    """

    def __init__(
        self,
        breaker: Breaker,
        probe: Callable[[], object],
        *,
        timer: Callable[[float, Callable[[], None]], ProbeTimer] = threading.Timer,
    ) -> None:
        """`probe` is a call to the dependency that raises when it fails; `timer` is made of seconds and a function."""
        self._breaker = breaker
        self._probe = probe
        self._make_timer = timer
        self._timer: ProbeTimer | None = None
        self._lock = threading.Lock()

    def on_transition(self, transition: Transition) -> None:  # noqa: ARG002 - Listener's signature
        """Set the timer to when a probe is due now."""
        self._schedule()

    def on_control(self, control: Control) -> None:  # noqa: ARG002 - Listener's signature
        """Set the timer to when a probe is due now."""
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
        if permit is None:  # the timer was early, or somebody else changed the state
            self._schedule()
            return
        request_ids.begin()
        error: BaseException | None = None
        try:
            self._probe()
        except Exception as raised:  # noqa: BLE001 - whatever a probe raises, it must be settled
            error = raised
        self._breaker.settle(permit, failure_in(error))
