"""One thread that looks at one source again and again, and never has more than one look under way.

A gateway whose threads are all stuck answers this look no sooner than its users' requests. That is a finding: to give
up and ask again would put a second request into its queue, behind the first. So a look waits as long as it takes, and
everybody can see that it waits, and since when.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

PATIENCE_S = 120.0  # longer than the queue of a stuck gateway takes: 200 users, 64 threads, 30 s each

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Sample(Generic[Seen]):
    """One look at a source; times on the poller's clock."""

    asked_at: float
    answered_at: float | None = None  # None: still waiting
    seen: Seen | None = None  # None: still waiting, or the look failed


class Poller(Generic[Seen]):
    """Calls `look` every `every_s` seconds and keeps what it returned. Safe to share between threads."""

    def __init__(
        self,
        look: Callable[[], Seen],
        *,
        every_s: float,
        keep: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`look` may raise any Exception: the look has failed, and the next one follows.

        `keep` is the number of past samples to keep (None: all); `clock` gives seconds.
        """
        self.error: Exception | None = None  # what the last look raised; None: it succeeded, or there was none
        self.succeeded_at: float | None = None  # when a look last succeeded
        self.waiting_since: float | None = None  # when the look under way began; None between two looks
        self._look = look
        self._every_s = every_s
        self._clock = clock
        self._lock = threading.Lock()
        self._past: deque[Sample[Seen]] = deque(maxlen=keep)
        self._wake = threading.Event()
        self._stopped = False

    def start(self) -> None:
        """Start looking, on a daemon thread."""
        threading.Thread(target=self._run, name="poller", daemon=True).start()

    def stop(self) -> None:
        """Look no more; the look under way, if any, is the last."""
        self._stopped = True
        self._wake.set()

    def hurry(self) -> None:
        """Look again as soon as possible instead of when it is due."""
        self._wake.set()

    @property
    def samples(self) -> list[Sample[Seen]]:
        """The samples that are kept, oldest first; the last one may still be waiting."""
        with self._lock:
            waiting: list[Sample[Seen]] = [] if self.waiting_since is None else [Sample(self.waiting_since)]
            return [*self._past, *waiting]

    @property
    def latest(self) -> Seen | None:
        """What the last finished look returned; None when it failed, or there was none."""
        with self._lock:
            return self._past[-1].seen if self._past else None

    def look(self) -> None:
        """Look once, and wait for the answer."""
        asked_at = self.waiting_since = self._clock()
        seen, error = None, None
        try:
            seen = self._look()
        except Exception as raised:  # noqa: BLE001 - whatever went wrong, the thread must live to look again
            error = raised
        answered_at = self._clock()
        with self._lock:
            self.waiting_since = None
            self._past.append(Sample(asked_at, answered_at, seen))
            self.error = error
            if error is None:
                self.succeeded_at = answered_at

    def _run(self) -> None:
        while not self._stopped:
            due_at = self._clock() + self._every_s
            self.look()
            self._wake.wait(max(0.0, due_at - self._clock()))
            self._wake.clear()
