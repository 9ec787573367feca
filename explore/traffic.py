"""The traffic that settings are sought for. Standard library only: the command line makes it."""

from dataclasses import dataclass, replace
from random import Random
from typing import Protocol


class Latency(Protocol):
    """How long answers of the dependency take, while it is well."""

    def draw_s(self, rng: Random) -> float:
        """Return the duration of one answer, in seconds."""

    def quantile_s(self, share: float) -> float:
        """Return the duration, in seconds, that this share of the answers does not exceed."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the dependency can do at a time: places, and how long a call takes one."""

    slots: int
    service_s: float


@dataclass(frozen=True, slots=True)
class Traffic:
    """Calls to one dependency, from one gateway, while nothing is wrong.

    With `users`, they come from so many people who pause after each answer, and `rate_per_s` is not used.
    """

    rate_per_s: float
    latency: Latency
    error_share: float = 0.0  # of the answers, 0 to 1
    capacity: Capacity | None = None  # None: it can do any number of calls at a time
    users: int | None = None
    pause_s: tuple[float, float] = (1.0, 2.0)  # shortest and longest

    @property
    def calls_per_s(self) -> float:
        """How many pages are asked for in a second, while answers come at once."""
        return self.rate_per_s if self.users is None else self.users / (sum(self.pause_s) / 2)

    def times(self, factor: float) -> "Traffic":
        """Return the same traffic with so many times the calls."""
        users = self.users and max(1, round(self.users * factor))
        return replace(self, rate_per_s=self.rate_per_s * factor, users=users)
