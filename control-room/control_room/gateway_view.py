"""How one gateway fares: by its own metrics, which it may be too stuck to give."""

import threading
import time
from collections.abc import Callable

import requests

from control_room.contact import Contact
from control_room.increases import Counts, Increases, per_second
from control_room.quantiles import quantile
from control_room.reading import BOUNDS_S, Outcomes, Reading, latency, outcomes, read

WINDOW_S = 60  # what the outcomes are of, and the length of the time axis
RECENT_S = 5.0  # what the rates and the latencies are of
BLIND_S = 2.0  # without a look for so long, what happened in a single second is not known


class GatewayView:
    """Takes the gateway's metrics as they come, and tells of the last minute. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """`clock` gives seconds since the epoch."""
        self._clock = clock
        self._lock = threading.Lock()
        self._increases = Increases()
        self._last: tuple[float, Reading] | None = None

    def take(self, answer: requests.Response) -> None:
        """Take an answer to GET /metrics."""
        reading, now = read(answer.text), self._clock()
        with self._lock:
            self._increases.take(now, reading.counters)
            self._last = now, reading

    def show(self, contact: Contact) -> dict[str, object]:
        """Return what the page shows of it; rates and latencies are of the last seconds before it was last heard."""
        now = self._clock()
        with self._lock:
            heard_at, reading = self._last or (now, None)
            recent = self._increases.between(heard_at - RECENT_S, heard_at)
            known_s = self._increases.known_s(heard_at - RECENT_S, heard_at)
            minute = self._increases.between(now - WINDOW_S, now)
            series = self._series(int(now))
        return {
            "link": contact.link,
            "heard_s_ago": contact.heard_s_ago,
            "problem": contact.problem,
            "rate": per_second(outcomes(recent), known_s) if recent else None,
            "recent": _outcomes(recent),
            "last_60_s": _outcomes(minute),
            **_latencies(recent),
            "busy": reading and reading.in_flight,
            "threads": reading and reading.threads,
            "series": series,
        }

    def _series(self, end: int) -> list[list[float | None] | None]:
        """Return the whole seconds of the last minute; None where nothing is known."""
        return [self._second(at) for at in range(end - WINDOW_S, end)]

    def _second(self, at: int) -> list[float | None] | None:
        """Return full, degraded, failed, p50, p99, and whether the second is but a share of a longer silence."""
        counts = self._increases.between(at, at + 1)
        if counts is None:
            return None
        latencies = _latencies(counts)
        blind = self._increases.longest_s(at, at + 1) > BLIND_S
        return [
            *(round(count, 1) for count in outcomes(counts)),
            latencies["p50_ms"],
            latencies["p99_ms"],
            blind,
        ]


def _outcomes(counts: Counts | None) -> dict[str, int]:
    by_name = (outcomes(counts) if counts else Outcomes(0, 0, 0))._asdict()
    return {name: round(count) for name, count in by_name.items()}


def _latencies(counts: Counts | None) -> dict[str, float | None]:
    within = latency(counts) if counts else ()
    return {"p50_ms": _ms(quantile(0.5, BOUNDS_S, within)), "p99_ms": _ms(quantile(0.99, BOUNDS_S, within))}


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)
