"""Which settings matter for this traffic: Sobol' indices, from the points of the search.

An index is the share of the variance of a measure that goes with a setting: alone (first order), or with what it does
together with others (total). See Saltelli and others (2010), Computer Physics Communications 181, as scipy has it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import sobol_indices

from explore.frontier import NEVER_S
from explore.measures import Measures
from explore.search import Found, Search
from explore.space import DIMENSIONS, NAMES

LONGEST_S = 120.0  # stands for a time that never came: beyond it, longer is not worse


def _time(value_s: float | None) -> float:
    return math.log10(min(NEVER_S if value_s is None else value_s, LONGEST_S) + 0.01)


MEASURED: dict[str, Callable[[Measures], float]] = {
    "false_alarms_per_day": lambda measures: math.log10(1 + measures.false_alarms_per_day),
    "protect_s": lambda measures: _time(measures.protect_s),
    "recover_s": lambda measures: _time(measures.recover_s),
    "good_refused_share": lambda measures: measures.good_refused_share,
    "sick_calls_per_s": lambda measures: math.log10(0.01 + measures.sick_calls_per_s),
}


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How much of the variance of a measure goes with each setting; from 0 to 1, but for errors of the estimate."""

    measure: str
    first_order: dict[str, float]
    total: dict[str, float]


def sensitivities(search: Search) -> list[Sensitivity]:
    """Return the indices of each measure that varies at all."""
    return [found for name, value in MEASURED.items() if (found := _of(search, name, value))]


def _of(search: Search, name: str, value: Callable[[Measures], float]) -> Sensitivity | None:
    a, b = _values(search.a, value), _values(search.b, value)
    if np.ptp(np.concatenate([a, b])) == 0:
        return None
    mixed = np.array([_values(search.ab(number), value) for number in range(len(DIMENSIONS))])
    found = sobol_indices(func={"f_A": a[None], "f_B": b[None], "f_AB": mixed[:, None]}, n=search.count)
    first, total = np.ravel(found.first_order), np.ravel(found.total_order)
    return Sensitivity(name, _rounded(first), _rounded(total))


def _values(found: list[Found], value: Callable[[Measures], float]) -> NDArray[np.float64]:
    return np.array([value(one.measures) for one in found])


def _rounded(indices: NDArray[np.float64]) -> dict[str, float]:
    return {name: round(float(index), 3) for name, index in zip(NAMES, indices, strict=True)}
