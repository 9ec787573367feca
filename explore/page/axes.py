"""Where the points stand on an axis: by the logarithm, with a band for what has none, zero and never."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from explore.model import Studied
from explore.page.measured import NEVER, Measured

BAND = 0.1  # of the axis
MOST_TICKS = 6  # that have room on a phone
STEPS = (1, 2, 5)
NO_VALUES = (1.0, 10.0)  # an axis on which nothing has a logarithm


@dataclass(frozen=True, slots=True)
class Axis:
    """One measure as an axis; places go from 0 to 1."""

    name: str
    title: str
    ticks: list[tuple[float, str]]
    places: list[float]  # of the points, in their order
    none: str | None  # what the band at 0 stands for, if there is one
    never: str | None  # and at 1


def axis(measured: Measured, points: Sequence[Studied]) -> Axis:
    """Return the axis that has all these points on it."""
    values = [measured.value(point.does) for point in points]
    low, high = _limits([value for value in values if value])
    has_none, has_never = 0 in values, None in values
    place = _placing(low, high, BAND if has_none else 0.0, 1 - BAND if has_never else 1.0)
    ticks = [(place(value), measured.tick(value)) for value in _ticks(low, high)]
    places = [place(value) for value in values]
    none, never = measured.none if has_none else None, NEVER if has_never else None
    return Axis(measured.name, measured.title, ticks, places, none, never)


def _placing(low: float, high: float, first: float, last: float) -> Callable[[float | None], float]:
    def place(value: float | None) -> float:
        if value is None:
            return 1 - BAND / 2
        if value == 0:
            return BAND / 2
        return round(first + (last - first) * math.log(value / low) / math.log(high / low), 4)

    return place


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Return round values around these."""
    if not values:
        return NO_VALUES
    least, most = min(values), max(values)
    low = max(step for step in _steps(least) if step <= least)
    high = min(step for step in _steps(most) if step >= most and step > low)
    return low, high


def _ticks(low: float, high: float) -> list[float]:
    """Return round values from low to high: all, or only powers of ten if those are too many."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [_round_value(step, decade) for decade in decades for step in STEPS]
    inside = [tick for tick in ticks if low <= tick <= high]
    return inside if len(inside) <= MOST_TICKS else [tick for tick in inside if math.log10(tick).is_integer()]


def _steps(value: float) -> Iterator[float]:
    decade = math.floor(math.log10(value))
    return (_round_value(step, near) for near in (decade - 1, decade, decade + 1) for step in STEPS)


def _round_value(step: int, decade: int) -> float:
    return float(f"{step}e{decade}")
