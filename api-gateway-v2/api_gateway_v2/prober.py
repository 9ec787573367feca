"""The background probe: while the circuit is OPEN, one thread waits out the cooldown and makes the trial call."""

import threading
from collections.abc import Callable

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.transitions import State, Transition
from shopkit import request_ids
from shopkit.errors import RequestRejected


class Prober:
    """Makes the probes of one circuit, so that no user's request waits for one and recovery needs no traffic."""

    def __init__(self, breaker: Breaker, probe: Callable[[], object]) -> None:
        """`probe` is a call to the dependency that raises when it fails."""
        self._breaker = breaker
        self._probe = probe
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        breaker.add_listener(self)

    def transition(self, transition: Transition) -> None:
        """Start probing when the circuit opens, unless this is already going on."""
        with self._lock:
            if transition.to_state is State.OPEN and self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"probe-{self._breaker.name}", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        pause = threading.Event()
        while (due_in_s := self._due_in_s()) is not None:
            if due_in_s > 0:
                pause.wait(due_in_s)
            else:
                self._make()

    def _due_in_s(self) -> float | None:
        """Return when the next probe is due; None ends this thread, and the next trip starts another."""
        with self._lock:
            due_in_s = self._breaker.probe_due_in_s()
            if due_in_s is None:
                self._thread = None
            return due_in_s

    def _make(self) -> None:
        permit = self._breaker.begin_probe()
        if permit is None:
            return
        request_ids.begin()
        try:
            self._probe()
        except RequestRejected:
            self._breaker.settle(permit)  # an answer, not a fault
        except Exception as error:  # noqa: BLE001 - a probe that raises has failed, whatever it raises
            self._breaker.settle(permit, error)
        else:
            self._breaker.settle(permit)
