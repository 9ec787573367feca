"""The settings that are searched: in words, and as the stops of a slider."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import cast

import numpy as np

from explore.model import Exploration, Settings
from explore.point import Point
from explore.space import DIMENSIONS, POLICIES, Dimension

POLICY = "trip_policy"
GRID = 201  # shares of the range of a setting that are looked at for its values
WORDS = {
    POLICY: ("What trips the circuit", ""),
    "fail_max": ("Failures in a row that trip it", ""),
    "slow_call_s": ("A call is slow after", "s"),
    "failure_rate": ("Share of failures that trips it", "share"),
    "slow_call_rate": ("Share of slow calls that trips it", "share"),
    "window_calls": ("Calls that the shares are of", ""),
    "reset_timeout_s": ("Cooldown before a probe", "s"),
    "probes_to_close": ("Good probes that close it", ""),
    "ramp_s": ("Ramp after it closes", "s"),
    "max_concurrent": ("Calls at the same time", ""),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, and all values of it that the page knows, from the lowest."""

    name: str
    title: str
    unit: str
    variable: str
    values: list[float | str]
    places: list[float]  # of the values, in the unit cube that was searched

    def index(self, settings: Settings) -> int:
        """Return which of the values a point has."""
        return self.values.index(getattr(settings, self.name))


def settings_of(found: Exploration) -> list[Setting]:
    """Return the settings that were searched, in the order of the search."""
    tried = [one.settings for one in (found.defaults, *found.best, *found.tried)]
    fixed = Point(deadline_s=found.traffic.deadline_s)
    return [_setting(dimension, tried, fixed) for dimension in DIMENSIONS]


def _setting(dimension: Dimension, tried: Sequence[Settings], fixed: Point) -> Setting:
    name = dimension.name
    title, unit = WORDS[name]
    if name == POLICY:
        return Setting(name, title, unit, variable(name), list(POLICIES), [0.0] * len(POLICIES))
    values, places = _scale(dimension, [getattr(one, name) for one in tried], fixed)
    return Setting(name, title, unit, variable(name), list(values), places)


def _scale(dimension: Dimension, tried: Sequence[float], fixed: Point) -> tuple[list[float], list[float]]:
    """Return the values of a setting and their places; what a user set beyond the range is at its end."""
    shares_of: dict[float, list[float]] = {}
    for share in np.linspace(0, 1, GRID):
        shares_of.setdefault(cast(float, dimension.value(float(share), fixed)), []).append(float(share))
    places = {value: fmean(shares) for value, shares in shares_of.items()}
    values = sorted({*places, *tried})
    return values, [round(float(place), 4) for place in np.interp(values, list(places), list(places.values()))]


def variable(name: str) -> str:
    """Return the name of a setting's environment variable."""
    return next(one for one in Point().environment if one.endswith(f"_{name.upper()}"))
