"""A service that can be made sick: the fault that is in it, and who waits for it."""

import time
from collections.abc import Callable, Sequence

import requests

from control_room.contact import Contact
from control_room.fault_words import describe
from control_room.increases import Increases, per_second
from control_room.marks import BOTH, Kind, Mark, Marks
from control_room.reading import RECOMMENDATIONS_ROUTES, Reading, Work, read, read_work

RECENT_S = 5.0  # what the rate is of
UNKNOWN = object()


class DependencyView:
    """Takes its /faults and its /metrics as they come."""

    def __init__(
        self, name: str, marks: Marks, clock: Callable[[], float] = time.time, *, of: tuple[str, ...] = BOTH
    ) -> None:
        """Marks begin with `name`, and are for the gateways that call it. `clock` gives seconds since the epoch."""
        self._name = name
        self._marks = marks
        self._of = of
        self._clock = clock
        self._fault: object = UNKNOWN
        self._last: tuple[float, Reading, Work] | None = None
        self._increases = Increases()

    def take_fault(self, answer: requests.Response) -> None:
        """Take an answer to GET /faults; a change becomes a mark, whoever made it."""
        fault, before = answer.json()["fault"], self._fault
        self._fault = fault
        if before is UNKNOWN or fault == before:
            return
        kind = Kind.FAULT if fault else Kind.HEAL
        text = f"{self._name} {describe(fault) if fault else 'healed'}".strip()
        self._marks.add(Mark(self._clock(), kind, text, self._of))

    def take_metrics(self, answer: requests.Response) -> None:
        """Take an answer to GET /metrics, which only recommendations are asked for."""
        reading, work = read(answer.text, RECOMMENDATIONS_ROUTES), read_work(answer.text)
        now = self._clock()
        self._increases.take(now, (reading.counters[0], *work.counters))
        self._last = now, reading, work

    def show(self, contact: Contact) -> dict[str, object]:
        """Return what the page shows of it."""
        heard_at, reading, work = self._last or (0.0, None, None)
        recent = self._increases.between(heard_at - RECENT_S, heard_at)
        known_s = self._increases.known_s(heard_at - RECENT_S, heard_at)
        known = self._fault is not UNKNOWN
        return {
            "link": contact.link,
            "heard_s_ago": contact.heard_s_ago,
            "problem": contact.problem,
            "known": known,
            "fault": self._fault if known else None,
            "says": describe(self._fault) if known and isinstance(self._fault, dict) else "",
            "waiting": reading and reading.in_flight,
            "rate": per_second(recent[:1], known_s) if recent else None,
            "calls_rate": per_second(recent[1:2], known_s) if recent else None,
            "queued": work and work.queued,
            "useless_share": _share_of_last(recent[2:]) if recent else None,
        }


def _share_of_last(counts: Sequence[float]) -> float | None:
    """Return the share that the last count has of all; None of nothing."""
    return counts[-1] / sum(counts) if sum(counts) > 0 else None
