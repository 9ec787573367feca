"""A service that can be made sick: the fault that is in it, and who waits for it."""

import time
from collections.abc import Callable

import requests

from control_room.contact import Contact
from control_room.increases import Increases, per_second
from control_room.marks import Kind, Mark, Marks
from control_room.reading import RECOMMENDATIONS_ROUTES, Reading, read

RECENT_S = 5.0  # what the rate is of
UNKNOWN = object()


class DependencyView:
    """Takes its /faults and its /metrics as they come."""

    def __init__(self, name: str, marks: Marks, clock: Callable[[], float] = time.time) -> None:
        """Marks begin with `name`. `clock` gives seconds since the epoch."""
        self._name = name
        self._marks = marks
        self._clock = clock
        self._fault: object = UNKNOWN
        self._last: tuple[float, Reading] | None = None
        self._increases = Increases()

    def take_fault(self, answer: requests.Response) -> None:
        """Take an answer to GET /faults; a change becomes a mark, whoever made it."""
        fault, before = answer.json()["fault"], self._fault
        self._fault = fault
        if before is UNKNOWN or fault == before:
            return
        kind = Kind.FAULT if fault else Kind.HEAL
        self._marks.add(Mark(self._clock(), kind, f"{self._name} {describe(fault) if fault else 'healed'}".strip()))

    def take_metrics(self, answer: requests.Response) -> None:
        """Take an answer to GET /metrics, which only recommendations are asked for."""
        reading, now = read(answer.text, RECOMMENDATIONS_ROUTES), self._clock()
        self._increases.take(now, reading.counters[:1])
        self._last = now, reading

    def show(self, contact: Contact) -> dict[str, object]:
        """Return what the page shows of it."""
        heard_at, reading = self._last or (0.0, None)
        answered = self._increases.between(heard_at - RECENT_S, heard_at)
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
            "rate": per_second(answered, known_s) if answered else None,
        }


def describe(fault: dict[str, object]) -> str:
    """Return a fault in words, such as `hang, 30 s` or `error 503, 50% of the calls`."""
    strength = {
        "status": " {}",
        "slots": " {}",
        "n": " {}",
        "body": ", {}",
        "part": ", {}",
        "share": ", {:.0%}",
        "delay_s": ", {:g} s",
        "interval_s": ", a byte every {:g} s",
        "service_s": " of {:g} s each",
        "broken_s": ", {:g} s broken",
        "well_s": ", {:g} s well",
        "product_id": ", product {}",
        "for_s": ", for {:g} s",
        "for_calls": ", for {} calls",
    }
    said = "".join(text.format(fault[field]) for field, text in strength.items() if field in fault)
    share = "" if fault["rate"] == 1 else f", {fault['rate']:.0%} of the calls"
    return f"{fault['kind']}{said}{share}"
