"""Every point of a design, measured on all processors."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import numpy as np

from explore.frontier import frontier
from explore.measures import Measures, measure
from explore.point import Point
from explore.space import Design, point_at, saltelli
from explore.traffic import Traffic

DESIGN_SEED = 1
AT_ONCE = 8  # points that a process takes at a time
SURE_CALLS = 200_000  # of the run in which nothing is wrong, for points of the frontier

Told = Callable[[int, int], None]  # points that are done, of so many


def _nobody(_done: int, _of: int) -> None:
    """Tell nobody."""


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


def measured(points: Sequence[Point], how: Callable[[Point], Measures], told: Told = _nobody) -> Iterator[Found]:
    """Yield the points in their order, each with its measures; tell after each how many are done."""
    with _processes() as processes:
        for done, (point, measures) in enumerate(
            zip(points, processes.map(how, points, chunksize=AT_ONCE), strict=True), start=1
        ):
            told(done, len(points))
            yield Found(point, measures)


@contextmanager
def _processes() -> Iterator[ProcessPoolExecutor]:
    """Run a process for each processor; all end with the block, whatever ends it."""
    made = ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"))
    try:
        yield made
    finally:
        made.shutdown(cancel_futures=True)


def _rows(designs: Iterable[Design]) -> Design:
    return np.concatenate([design.reshape(-1, design.shape[-1]) for design in designs])
