"""How far the services' wall clocks are from this machine's, from the Date of their answers."""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from math import inf

from experiment.services import Service


class WallClocks:
    """Compares the services' wall clocks with this machine's.

    A Date is in whole seconds, and an answer takes its time: one answer only says within which bounds the difference
    is, and many narrow it down.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """`clock` is this machine's, in seconds since the epoch."""
        self.clock = clock
        self._bounds_s: dict[Service, tuple[float, float]] = {}

    def note(self, service: Service, date: str, asked_at_s: float) -> None:
        """Take the Date of an answer that has come just now to a request of `asked_at_s`."""
        written_s = parsedate_to_datetime(date).timestamp()
        low_s, high_s = self._bounds_s.get(service, (-inf, inf))
        self._bounds_s[service] = max(low_s, written_s - self.clock()), min(high_s, written_s + 1 - asked_at_s)

    def differences_s(self) -> dict[Service, float]:
        """Return by how many seconds at least each service's clock is ahead; negative: behind."""
        return {service: max(low_s, min(high_s, 0.0)) for service, (low_s, high_s) in self._bounds_s.items()}
