"""Many callers at once: healthy calls, and the moment after the cooldown."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.peers import PEERS, Peer
from benchmarks.results import HalfOpen, Threads
from experiment.waiting import wait_until

CALLERS = 20
HEALTHY_CALL_S = 0.2
COOLDOWN_S = 0.1
SETTLED_S = 1.0  # time for callers to begin or be refused while the first call is slow; the rest are blocked
POLL_S = 0.01
GIVES_UP_S = 30.0  # no call waits for longer, whatever a library does


def threads() -> list[Threads]:
    """Return what each peer does under many threads."""
    return [
        Threads(peer=peer.name, healthy_s=round(healthy_s(peer()), 2), half_open=half_open(peer(cooldown_s=COOLDOWN_S)))
        for peer in PEERS
    ]


def healthy_s(peer: Peer) -> float:
    """Return the seconds until CALLERS calls of HEALTHY_CALL_S seconds, made at the same time, are all done."""
    started = time.monotonic()
    _join(_start(CALLERS, lambda: peer.call(lambda: time.sleep(HEALTHY_CALL_S))))
    return time.monotonic() - started


@dataclass
class _Crowd:
    """Callers, and the outcomes of their calls."""

    release: threading.Event
    ran: list[None] = field(default_factory=list)
    refused: list[None] = field(default_factory=list)

    def slow(self) -> None:
        """Run as the slow call."""
        self.ran.append(None)
        self.release.wait(GIVES_UP_S)

    def call(self, peer: Peer) -> None:
        """Make one caller's call."""
        try:
            peer.call(self.slow)
        except peer.refused:
            self.refused.append(None)


def half_open(peer: Peer) -> HalfOpen:
    """Let CALLERS callers arrive together after the cooldown; the first call, the probe, is slow."""
    peer.trip()
    time.sleep(2 * COOLDOWN_S)
    release = threading.Event()
    crowd, background = _Crowd(release), _Crowd(release)
    running = _start(1, lambda: peer.probe(background.slow)) if peer.probes_by_itself else []
    running += _start(CALLERS, lambda: crowd.call(peer))
    wait_until(lambda: len(crowd.ran) + len(crowd.refused) == CALLERS, within_s=SETTLED_S, every_s=POLL_S)
    ran, refused = len(crowd.ran), len(crowd.refused)
    release.set()
    _join(running)
    return HalfOpen(ran=ran, refused=refused, blocked=CALLERS - ran - refused, background_probes=len(background.ran))


def _start(number: int, target: Callable[[], object]) -> list[threading.Thread]:
    started = [threading.Thread(target=target, daemon=True) for _ in range(number)]
    for thread in started:
        thread.start()
    return started


def _join(running: list[threading.Thread]) -> None:
    for thread in running:
        thread.join(GIVES_UP_S)
