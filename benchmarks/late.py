"""Results that arrive after the circuit has changed state. Whether the next call may run shows what they did."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from benchmarks.peers import FAIL_MAX, PEERS, Failure, Peer, nothing
from benchmarks.results import LateResults

COOLDOWN_S = 0.6
LONG_COOLDOWN_S = 60.0
BEGUN_WITHIN_S = 0.5  # a call that has not begun by then is blocked by the others
SERIALIZED = "cannot happen: one call"
GIVES_UP_S = 30.0  # no call takes longer, whatever a library does
ONE_PROBE = "cannot happen: one probe"
DROPPED = "dropped"


def late_results() -> list[LateResults]:
    """Return what late results do to each peer. All peers run at once, since they mostly sleep."""
    with ThreadPoolExecutor(len(PEERS)) as pool:
        return list(pool.map(_late_results, PEERS))


def _late_results(peer: type[Peer]) -> LateResults:
    return LateResults(
        peer=peer.name,
        success_while_open=success_while_open(peer(cooldown_s=LONG_COOLDOWN_S)),
        failure_while_open=failure_while_open(peer(cooldown_s=COOLDOWN_S)),
        failures_after_recovery=failures_after_recovery(peer(cooldown_s=COOLDOWN_S)),
        success_after_failed_probe=success_after_failed_probe(peer(cooldown_s=COOLDOWN_S)),
    )


class _Pending:
    """A call that has begun and ends on request."""

    def __init__(self, make: Callable[[Callable[[], None]], None]) -> None:
        """`make` is the peer's `call` or `probe`."""
        self._make = make
        self._begun = threading.Event()
        self._told = threading.Event()
        self._failing = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self.begun = self._begun.wait(BEGUN_WITHIN_S)

    def tell(self, *, failing: bool) -> None:
        """Let the call end, without waiting for it."""
        self._failing = failing
        self._told.set()

    def end(self, *, failing: bool) -> None:
        """Let the call end, and return when the peer has its result."""
        self.tell(failing=failing)
        self._thread.join(GIVES_UP_S)

    def _run(self) -> None:
        with suppress(Exception):
            self._make(self._function)

    def _function(self) -> None:
        self._begun.set()
        self._told.wait()
        if self._failing:
            raise Failure


def success_while_open(peer: Peer) -> str:
    """Begin a call, trip the circuit, let the call succeed: is the circuit still OPEN?"""
    early = _Pending(peer.call)
    tripped = _trip_within(peer)
    early.end(failing=False)
    if not tripped:
        return SERIALIZED
    return "closes it" if _runs(peer.call) else DROPPED


def failure_while_open(peer: Peer) -> str:
    """Begin a call, trip the circuit, let the call fail late in the cooldown: when does the cooldown end?"""
    early = _Pending(peer.call)
    started = time.monotonic()
    if not _trip_within(peer):
        early.end(failing=True)
        return SERIALIZED
    _sleep_until(started + 0.6 * COOLDOWN_S)
    early.end(failing=True)
    _sleep_until(started + 1.3 * COOLDOWN_S)
    return DROPPED if _runs(peer.probe) else "restarts the cooldown"


def failures_after_recovery(peer: Peer) -> str:
    """Begin calls, trip the circuit, let a probe close it, let the calls fail: does it trip again?"""
    early = [_Pending(peer.call) for _ in range(FAIL_MAX)]
    started = time.monotonic()
    tripped = _trip_within(peer)
    if tripped:
        _sleep_until(started + 1.3 * COOLDOWN_S)
        peer.probe(nothing)
    for call in early:
        call.tell(failing=True)  # all of them before the first is waited for: a serialized call waits for another
    for call in early:
        call.end(failing=True)
    if not tripped:
        return SERIALIZED
    return DROPPED if _runs(peer.call) else "trip it again"


def success_after_failed_probe(peer: Peer) -> str:
    """Begin two probes in HALF-OPEN, let one fail and then the other succeed: is the circuit OPEN?"""
    peer.trip()
    time.sleep(1.3 * COOLDOWN_S)
    first = _Pending(peer.probe)
    second = _Pending(peer.probe)
    if not second.begun:
        first.end(failing=False)
        second.end(failing=True)
        return ONE_PROBE
    second.end(failing=True)
    first.end(failing=False)
    return "closes it" if _runs(peer.call) else DROPPED


def _trip_within(peer: Peer) -> bool:
    """Return whether the peer can be tripped while another call is in flight."""
    trip = threading.Thread(target=peer.trip, daemon=True)
    trip.start()
    trip.join(BEGUN_WITHIN_S)
    return not trip.is_alive()


def _runs(make: Callable[[Callable[[], None]], None]) -> bool:
    ran = False

    def note() -> None:
        nonlocal ran
        ran = True

    with suppress(Exception):
        make(note)
    return ran


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))
