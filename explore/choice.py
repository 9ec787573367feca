"""Which of the best points to look at first."""

from collections.abc import Sequence

from explore.frontier import MEASURES
from explore.model import Studied


def quietest_first(best: Sequence[Studied]) -> list[Studied]:
    """Return points from the fewest false alarms on, and among those from the fastest to protect on."""
    return sorted(best, key=lambda one: (one.does.false_alarms_per_day, *_sortable(one.does.protect_s)))


def suggested(points: Sequence[Studied]) -> int:
    """Return which point is chosen at first: of those with the fewest false alarms, the best on the whole.

    That is the least sum of its ranks in all measures.
    """
    fewest = min(one.does.false_alarms_per_day for one in points)
    quiet = [place for place, one in enumerate(points) if one.does.false_alarms_per_day == fewest]
    return min(quiet, key=lambda place: sum(_rank(points, place, name) for name in MEASURES))


def _rank(points: Sequence[Studied], place: int, name: str) -> int:
    """Return how many points are better in a measure."""
    values = [_sortable(getattr(one.does, name)) for one in points]
    return sum(value < values[place] for value in values)


def _sortable(value: float | None) -> tuple[bool, float]:
    """Return a measure so that never comes last."""
    return value is None, value or 0.0
