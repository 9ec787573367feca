"""Every point of a design, measured on all processors."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from explore.frontier import frontier
from explore.measures import Measures, measure
from explore.point import Point
from explore.processors import Told, nobody, on_all_processors
from explore.space import Design, point_at, saltelli
from explore.traffic import Traffic

DESIGN_SEED = 1
SURE_CALLS = 100_000  # of the run in which nothing is wrong, for points of the frontier


@dataclass(frozen=True, slots=True)
class Found:
    """A point and how it does."""

    point: Point
    measures: Measures


@dataclass(frozen=True, slots=True)
class Search:
    """All points of a design, in its order: A, B, and AB for each dimension."""

    count: int  # rows of A
    found: list[Found]

    @property
    def a(self) -> list[Found]:
        """The points of A."""
        return self.found[: self.count]

    @property
    def b(self) -> list[Found]:
        """The points of B."""
        return self.found[self.count : 2 * self.count]

    def ab(self, dimension: int) -> list[Found]:
        """The points of A with the value of B in one dimension."""
        begin = (2 + dimension) * self.count
        return self.found[begin : begin + self.count]


def search(traffic: Traffic, fixed: Point, count: int, seed: int, told: Told) -> Search:
    """Measure `count` x (2 + dimensions) points; settings that are not searched are those of `fixed`."""
    points = [point_at(shares, fixed) for shares in _rows(saltelli(count, DESIGN_SEED))]
    return Search(count, list(measured(points, partial(measure, traffic=traffic, seed=seed), told)))


def best(found: Sequence[Found], traffic: Traffic, seed: int, told: Told) -> list[Found]:
    """Return the frontier, each point with a longer look at its false alarms; what that look removes is not in it."""
    candidates = [found[place] for place in frontier([one.measures for one in found])]
    how = partial(measure, traffic=traffic, seed=seed + len(found), well_calls=SURE_CALLS)
    surer = list(measured([one.point for one in candidates], how, told))
    return [surer[place] for place in frontier([one.measures for one in surer])]


def measured(points: Sequence[Point], how: Callable[[Point], Measures], told: Told = nobody) -> Iterator[Found]:
    """Yield the points in their order, each with its measures; tell after each how many are done."""
    for point, measures in zip(points, on_all_processors(how, points, told), strict=True):
        yield Found(point, measures)


def _rows(designs: Iterable[Design]) -> Design:
    return np.concatenate([design.reshape(-1, design.shape[-1]) for design in designs])
