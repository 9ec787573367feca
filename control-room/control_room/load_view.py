"""How one gateway fares for its users: the figures of Locust, which answers even when the gateway does not."""

import time
from collections.abc import Callable
from typing import Any

import requests

from control_room.contact import Contact
from control_room.increases import Increases, per_second
from control_room.marks import Kind, Mark, Marks

RECENT_S = 6.0  # what the rate is of; Locust's own figures are up to two seconds old
STOPPED = ("ready", "stopping", "stopped", "cleanup", "missing")


class LoadView:
    """Takes /stats/requests of the Locust of one gateway as it comes."""

    def __init__(self, gateway: str, marks: Marks, clock: Callable[[], float] = time.time) -> None:
        """`gateway` is v1 or v2; `clock` gives seconds since the epoch."""
        self._gateway = gateway
        self._marks = marks
        self._clock = clock
        self._increases = Increases()
        self._heard_at = 0.0
        self._users: int | None = None

    def take(self, answer: requests.Response) -> None:
        """Take an answer to GET /stats/requests."""
        stats: dict[str, Any] = answer.json()
        total = next((row for row in stats["stats"] if row["name"] == "Aggregated"), None)
        answered, failed = (total["num_requests"], total["num_failures"]) if total else (0, 0)
        self._heard_at = self._clock()
        self._increases.take(self._heard_at, (answered, failed))
        self._users = 0 if stats["state"] in STOPPED else stats["user_count"]

    def asked_for(self, users: int) -> None:
        """Note a load that was asked for here."""
        self._marks.add(Mark(self._clock(), Kind.LOAD, f"{users} users", (self._gateway,)))

    def show(self, contact: Contact) -> dict[str, object]:
        """Return what the page shows of it."""
        recent = self._increases.between(self._heard_at - RECENT_S, self._heard_at)
        known_s = self._increases.known_s(self._heard_at - RECENT_S, self._heard_at)
        return {
            "link": contact.link,
            "problem": contact.problem,
            "users": self._users,
            "rate": per_second(recent[:1], known_s) if recent else None,
            "failed": round(recent[1]) if recent else 0,
        }
