"""The circuit of api-gateway-v2, from its /circuit-status."""

import time
from collections.abc import Callable
from typing import Any

import requests

from control_room.contact import Contact
from control_room.marks import Kind, Mark

SHOWN = 8  # transitions in the list
SHOWN_KEYS = ("state", "control", "failure_count", "fail_max", "failure_rate", "reset_timeout_s", "slow_call_s")


class CircuitView:
    """The last known state of the circuit, and its changes."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """`clock` gives seconds since the epoch."""
        self._clock = clock
        self._last: tuple[float, dict[str, Any]] | None = None

    def take(self, answer: requests.Response) -> None:
        """Take an answer to GET /circuit-status."""
        status, now = answer.json(), self._clock()
        # by their ages: the gateway's wall clock may be another
        status["transitions"] = [t | {"at": now - t["age_s"]} for t in status["transitions"]]
        _show(status, 0.0)  # what it lacks is found here, on the poller's thread
        self._last = now, status

    def show(self, contact: Contact) -> dict[str, object] | None:
        """Return what the page shows of it; None before the first answer."""
        if self._last is None:
            return None
        at, status = self._last
        return {
            "link": contact.link,
            "heard_s_ago": contact.heard_s_ago,
            **_show(status, self._clock() - at),
        }

    def marks(self, since: float) -> list[Mark]:
        """Return the changes of state from that time on."""
        transitions = self._last[1]["transitions"] if self._last else []
        marks = [Mark(t["at"], Kind.CIRCUIT, f"{t['to']}: {t['why']}", ("v2",)) for t in transitions]
        return [mark for mark in marks if mark.at >= since]


def _show(status: dict[str, Any], age_s: float) -> dict[str, object]:
    product = {circuit["name"]: circuit for circuit in status["circuits"]}["product-service"]
    return {
        **{key: status[key] for key in SHOWN_KEYS},
        "retry_in_s": _retry_in_s(status, age_s),
        "fleet": _fleet(status["fleet"]),
        "product": {"state": product["state"], "retry_in_s": _retry_in_s(product, age_s)},
        "taken": status["bulkhead"]["taken"],
        "counts_overdue": status["bulkhead"]["overdue_after_s"] is not None,
        "slots": status["bulkhead"]["max_concurrent"],
        "refused_by_bulkhead": status["bulkhead"]["refused"],
        "calls": status["calls"],
        "transitions": [{key: t[key] for key in ("at", "from", "to", "why")} for t in status["transitions"][-SHOWN:]],
    }


def _fleet(fleet: dict[str, Any] | None) -> dict[str, object] | None:
    """Return what v2 shares with its other replicas; None where it is the only one, by its settings."""
    if fleet is None:
        return None
    circuits = [
        one for other in fleet["others"] for one in other["circuits"] if one["name"] == "recommendations-service"
    ]
    return {
        "alone_because": fleet["alone_because"],
        "others": len(fleet["others"]),
        "open": sum(one["is_open"] for one in circuits),
    }


def _retry_in_s(circuit: dict[str, Any], age_s: float) -> float | None:
    """Return the time to the next probe, as of now; None where none is due."""
    said: float | None = circuit["retry_in_s"]
    return None if said is None else round(max(0.0, said - age_s), 2)
