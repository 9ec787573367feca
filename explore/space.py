"""The settings that are searched: from a place in the unit cube to a Point, and how a design covers the cube."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from explore.point import Point

POLICIES = ("consecutive-failures", "failure-rate", "slow-call-rate")
NOT_USED = {  # by the rules of a policy; `fail_max` is used by each
    "consecutive-failures": ("failure_rate", "slow_call_rate", "window_calls"),
    "failure-rate": ("slow_call_rate",),
    "slow-call-rate": (),
}
FASTEST_SLOW_CALL_S = 0.05
NO_RAMP_SHARE = 0.5

Design = NDArray[np.float64]  # a row for each point, a column for each dimension, each value from 0 to 1


@dataclass(frozen=True, slots=True)
class Dimension:
    """One setting that is searched; `value` takes a share, 0 to 1, of its range."""

    name: str  # a field of Point
    value: Callable[[float, Point], object]  # Point: that of the user's fixed settings


def _log(low: float, high: float, digits: int = 3) -> Callable[[float, Point], float]:
    return lambda share, _: _rounded(low * (high / low) ** share, digits)


def _whole(low: int, high: int) -> Callable[[float, Point], int]:
    return lambda share, _: min(high, round(low * ((high + 1) / low) ** share - 0.5 + 1e-9))


def _slow_call_s(share: float, fixed: Point) -> float:
    fastest_s = min(FASTEST_SLOW_CALL_S, fixed.deadline_s / 10)
    return _rounded(fastest_s * (fixed.deadline_s / fastest_s) ** share, 2)


def _ramp_s(share: float, _: Point) -> float:
    """Return no ramp in the lower half of the shares, and above it one of 0.5 to 30 s."""
    return 0.0 if share < NO_RAMP_SHARE else _rounded(0.5 * 60 ** (2 * share - 1), 2)


def _rounded(value: float, digits: int) -> float:
    """Return the value with so many significant digits: settings that somebody would type."""
    return round(value, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0.0


DIMENSIONS = (
    Dimension("trip_policy", lambda share, _: POLICIES[min(2, int(share * 3))]),
    Dimension("fail_max", _whole(1, 30)),
    Dimension("slow_call_s", _slow_call_s),
    Dimension("failure_rate", lambda share, _: round(0.05 + 0.9 * share, 2)),
    Dimension("slow_call_rate", lambda share, _: round(0.05 + 0.9 * share, 2)),
    Dimension("window_calls", _whole(5, 500)),
    Dimension("reset_timeout_s", _log(0.5, 60, digits=2)),
    Dimension("probes_to_close", _whole(1, 8)),
    Dimension("ramp_s", _ramp_s),
    Dimension("max_concurrent", _whole(2, 60)),
)
NAMES = tuple(dimension.name for dimension in DIMENSIONS)


def point_at(shares: Sequence[float], fixed: Point) -> Point:
    """Return the point at this place; settings that are not searched are those of `fixed`."""
    found = {d.name: d.value(float(share), fixed) for d, share in zip(DIMENSIONS, shares, strict=True)}
    point = replace(fixed, **found)  # type: ignore[arg-type]  # each has the type of its field
    not_used = {name: getattr(fixed, name) for name in NOT_USED[point.trip_policy]}
    point = replace(point, **not_used)
    return replace(point, minimum_calls=min(point.minimum_calls, point.window_calls))


def saltelli(count: int, seed: int) -> tuple[Design, Design, Design]:
    """Return the designs A, B and AB, with all of A's columns but one of B's, that Sobol' indices are estimated from.

    They make `count` x (2 + len(DIMENSIONS)) points (Saltelli and others, 2010, Computer Physics Communications 181);
    `count` is a power of 2, as scipy's Sobol' sequence is balanced only then.
    """
    dimensions = len(DIMENSIONS)
    both = qmc.Sobol(2 * dimensions, seed=seed).random(count)
    a, b = both[:, :dimensions], both[:, dimensions:]
    mixed = np.repeat(a[np.newaxis], dimensions, axis=0)
    for column in range(dimensions):
        mixed[column, :, column] = b[:, column]
    return a, b, mixed
