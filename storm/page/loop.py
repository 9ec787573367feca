"""The picture of the loop: goodput against load, up and down again, for each of its rungs."""

from collections.abc import Sequence
from dataclasses import dataclass

from report.quantities import number, share
from storm.model import Loop, LoopRung, StormConditions
from storm.page.charts import HEIGHT, WIDTH

MARGIN = 8  # inside the picture, so that a mark at its edge is whole
MARK = 5  # from the middle of a mark to its edge
LOADS = 7  # that the width stands for, in steps: the highest is the sixth

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Way:
    """The line of one direction, and its marks."""

    kind: str  # a class of the style sheet
    path: str
    marks: str


@dataclass(frozen=True, slots=True)
class LoopChart:
    """The picture of one rung, and what it says in words."""

    title: str
    gist: str
    ways: list[Way]
    capacity: float  # where it lies
    labels: list[tuple[float, str]]


def loop_charts(loop: Loop, asked: StormConditions) -> list[LoopChart]:
    """Return the pictures, all with the same scales."""
    return [_chart(loop, rung, asked.slots / asked.service_s) for rung in loop.rungs]


def _chart(loop: Loop, rung: LoopRung, capacity_per_s: float) -> LoopChart:
    wide = WIDTH / (LOADS * loop.visits_per_s[0])
    points = [
        (visits_per_s * wide, MARGIN + (HEIGHT - 2 * MARGIN) * (1 - part))
        for visits_per_s, part in zip(loop.visits_per_s, rung.goodput, strict=True)
    ]
    top = len(points) // 2
    ways = [
        Way("up", _line(points[: top + 1]), "".join(map(_circle, points[: top + 1]))),
        Way("down", _line(points[top:]), "".join(map(_square, points[top + 1 :]))),
    ]
    labels = [(loop.visits_per_s[up] * wide, number(loop.visits_per_s[up])) for up, _ in loop.ways]
    return LoopChart(rung.name, _gist(loop, rung), ways, capacity_per_s * wide, labels)


def _gist(loop: Loop, rung: LoopRung) -> str:
    """Say where the two ways are farthest apart."""
    pairs = [(up, down) for up, down in loop.ways if down is not None]
    up, down = max(pairs, key=lambda pair: rung.goodput[pair[0]] - rung.goodput[pair[1]])
    return (
        f"{share(rung.goodput[up])} at {loop.visits_per_s[up]} visits/s on the way up, "
        f"{share(rung.goodput[down])} at the same load on the way down"
    )


def _line(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _circle(point: Point) -> str:
    x, y = point
    return f"M{x - MARK:.1f} {y:.1f}a{MARK} {MARK} 0 1 0 {2 * MARK} 0a{MARK} {MARK} 0 1 0 {-2 * MARK} 0z"


def _square(point: Point) -> str:
    x, y = point
    return f"M{x - MARK:.1f} {y - MARK:.1f}h{2 * MARK}v{2 * MARK}h{-2 * MARK}z"
