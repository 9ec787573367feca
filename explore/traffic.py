"""The traffic that settings are sought for. Standard library only: the command line makes it.

The parsers raise a ValueError with one line: the value, what is wrong with it, and what is allowed.
"""

from dataclasses import dataclass, replace
from random import Random
from typing import Protocol

from explore.latency import parse_seconds

PAUSE_S = (1.0, 2.0)  # of a user after a page: shortest and longest
MOST_SLOTS = 10_000


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
class Fault:
    """What goes wrong with the dependency: a share of its calls hangs, and of the others a share fails or is late."""

    hang_share: float = 0.0  # of the calls, 0 to 1: these are not answered
    error_share: float = 0.0  # of the calls that are answered
    delay_s: float = 0.0  # that each answer takes in addition


HANG = Fault(hang_share=1.0)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Calls to one dependency, from one gateway, while nothing is wrong; and the fault that is to be expected.

    With `users`, they come from so many people who pause after each answer, and `rate_per_s` is not used.
    """

    rate_per_s: float
    latency: Latency
    error_share: float = 0.0  # of the answers, 0 to 1
    capacity: Capacity | None = None  # None: it can do any number of calls at a time
    users: int | None = None
    pause_s: tuple[float, float] = PAUSE_S  # shortest and longest
    fault: Fault = HANG

    @property
    def calls_per_s(self) -> float:
        """How many pages are asked for in a second, while answers come at once."""
        return self.rate_per_s if self.users is None else self.users / (sum(self.pause_s) / 2)

    def times(self, factor: float) -> "Traffic":
        """Return the same traffic with so many times the calls."""
        users = self.users and max(1, round(self.users * factor))
        return replace(self, rate_per_s=self.rate_per_s * factor, users=users)


def parse_pause(text: str) -> tuple[float, float]:
    """Return the shortest and the longest pause, in seconds, that a text such as `1s-2s` stands for.

    Raises:
        ValueError: The text says something else.
    """
    shortest, dash, longest = text.partition("-")
    if not (dash and shortest and longest) or parse_seconds(shortest) > parse_seconds(longest):
        raise ValueError(f"{text!r} is not the shortest and the longest pause, such as 1s-2s")
    return parse_seconds(shortest), parse_seconds(longest)


def parse_capacity(text: str) -> Capacity:
    """Return the capacity that a text such as `8x20ms` stands for: the slots, and how long a call takes one.

    Raises:
        ValueError: The text says something else.
    """
    slots, times, service_s = text.partition("x")
    if not times or not slots.isdecimal() or not 1 <= int(slots) <= MOST_SLOTS:
        raise ValueError(
            f"{text!r} is not a number of slots, up to {MOST_SLOTS:,}, and the time of a call, such as 8x20ms"
        )
    return Capacity(int(slots), parse_seconds(service_s))
