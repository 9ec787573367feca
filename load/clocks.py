"""How far the clock of another process is from ours, by an exchange of messages. Standard library only.

Each exchange says when the question was sent, when it was there on the other clock, and when the answer was back. The
other clock was read at some moment between the two of ours, so that half the round trip bounds the error (D. L. Mills,
RFC 5905, section 8). The exchange with the shortest round trip says the most.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self


class Exchange(NamedTuple):
    """One question and its answer, in seconds; `there_at` is on the other clock."""

    sent_at: float
    there_at: float
    back_at: float


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """By how much another clock is ahead of ours, and how wrong that can be."""

    ahead_s: float
    error_s: float

    @classmethod
    def of(cls, exchanges: Iterable[Exchange]) -> Self:
        """Return the offset that the exchange with the shortest round trip shows."""
        best = min(exchanges, key=lambda exchange: exchange.back_at - exchange.sent_at)
        return cls(best.there_at - (best.sent_at + best.back_at) / 2, (best.back_at - best.sent_at) / 2)

    def held_until(self, later: "ClockOffset") -> "ClockOffset":
        """Return this offset with the error that it has after the clocks have drifted to a later one."""
        return ClockOffset(self.ahead_s, max(self.error_s, abs(later.ahead_s - self.ahead_s) + later.error_s))
