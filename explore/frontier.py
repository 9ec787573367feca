"""Which points nobody would refuse: no other point is at least as good in everything and better in something."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explore.measures import Measures

NEVER_S = 1e6  # stands for a time that never came
MEASURES = ("false_alarms_per_day", "protect_s", "recover_s", "good_refused_share", "sick_calls_per_s")


def objectives(measures: Measures) -> tuple[float, ...]:
    """Return what should be small, all of it."""
    values = (getattr(measures, name) for name in MEASURES)
    return tuple(NEVER_S if value is None else value for value in values)


def frontier(all_measures: Sequence[Measures]) -> list[int]:
    """Return the places of the points that no other point dominates; of equal ones, that of the first."""
    values: NDArray[np.float64] = np.array([objectives(measures) for measures in all_measures])
    first = {tuple(value): place for place, value in reversed(list(enumerate(values)))}
    return [
        place for place, value in enumerate(values) if first[tuple(value)] == place and not _is_dominated(value, values)
    ]


def _is_dominated(value: NDArray[np.float64], others: NDArray[np.float64]) -> bool:
    as_good, better = np.all(others <= value, axis=1), np.any(others < value, axis=1)
    return bool(np.any(as_good & better))
