"""The pictures of one rung: bars for each second, as paths of SVG. All rungs have the same scales."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from report.quantities import NOTHING, number, share
from storm.model import Run, RungRun, StormConditions

WIDTH = 400
HEIGHT = 110
BELOW = 22  # for the seconds
LABELS = 5  # about so many along the time
STEPS_S = (5, 10, 20, 30, 60, 120)  # between two of them
MORE_CALLS = 1.0  # than the attempts of a page fit into a second only by chance
MORE_WORK = 1.2  # times what the dependency can do

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Layer:
    """One colour of a chart."""

    kind: str  # a class of the style sheet
    path: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture, and what it says in words."""

    title: str
    gist: str
    most: str  # what the top of it stands for
    layers: list[Layer]
    trigger: tuple[float, float]  # left and width
    labels: list[tuple[float, str]]


def charts(run: Run, rung: RungRun, asked: StormConditions) -> list[Chart]:
    """Return the pictures of a rung."""
    draw = _Draw(run, len(rung.series.asked))
    most_work = MORE_WORK * asked.slots / asked.service_s
    most_waiting = max([1, *(count for one in run.rungs for count in one.dependency.waiting if count is not None)])
    return [
        draw.fates(rung),
        draw.calls(rung, asked.attempts + MORE_CALLS),
        draw.queue(rung, most_waiting),
        draw.work(rung, most_work),
    ]


@dataclass(frozen=True, slots=True)
class _Draw:
    run: Run
    seconds: int

    def fates(self, rung: RungRun) -> Chart:
        series = rung.series
        fates = {"whole": series.with_recommendations, "without": series.without, "late": series.late}
        lost = [a - sum(parts) for a, *parts in zip(series.asked, *fates.values(), strict=True)]
        shares = {
            kind: [count / asked if asked else None for count, asked in zip(counts, series.asked, strict=True)]
            for kind, counts in {**fates, "lost": lost}.items()
        }
        gist = f"{number(sum(series.with_recommendations))} of {number(sum(series.asked))} pages were whole"
        return self._chart("Pages", gist, share(1), list(shares.items()), 1.0)

    def calls(self, rung: RungRun, most: float) -> Chart:
        asked = rung.series.asked
        each = [
            None if calls is None or not pages else calls / pages
            for calls, pages in zip(rung.dependency.calls, asked, strict=True)
        ]
        known = NOTHING if rung.calls_per_page is None else number(rung.calls_per_page)
        gist = f"{known} calls for a page after the trigger"
        return self._chart("Calls for each page", gist, number(most), [("calls", each)], most)

    def queue(self, rung: RungRun, most: int) -> Chart:
        waiting = rung.dependency.waiting
        longest = max((count for count in waiting if count is not None), default=0)
        gist = f"at most {number(longest)} calls waited"
        return self._chart("The dependency's queue", gist, number(most), [("queue", waiting)], most)

    def work(self, rung: RungRun, most: float) -> Chart:
        done = [("useful", rung.dependency.useful), ("useless", rung.dependency.useless)]
        known = NOTHING if rung.useless_share is None else share(rung.useless_share)
        gist = f"{known} of the work was for callers who had left"
        return self._chart("The dependency's work, a second", gist, number(most), done, most)

    def _chart(self, title: str, gist: str, most_text: str, layers: Iterable[tuple[str, Values]], most: float) -> Chart:
        below = [0.0] * self.seconds
        drawn = []
        for kind, values in layers:
            drawn.append(Layer(kind, self._path(values, below, most)))
            below = [low + (value or 0.0) for low, value in zip(below, values, strict=True)]
        wide = WIDTH / self.seconds
        from_s, to_s = self.run.trigger_from_s, self.run.trigger_to_s
        return Chart(title, gist, most_text, drawn, (from_s * wide, (to_s - from_s) * wide), self._labels())

    def _path(self, values: Values, below: Sequence[float], most: float) -> str:
        wide = WIDTH / self.seconds
        bars = []
        for second, (value, low) in enumerate(zip(values, below, strict=True)):
            bottom = HEIGHT * (1 - min(1.0, low / most))
            top = HEIGHT * (1 - min(1.0, (low + (value or 0.0)) / most))
            if bottom > top:
                bars.append(f"M{second * wide:.1f} {bottom:.1f}V{top:.1f}h{wide:.2f}V{bottom:.1f}z")
        return "".join(bars)

    def _labels(self) -> list[tuple[float, str]]:
        step = next((step for step in STEPS_S if self.seconds / step <= LABELS), STEPS_S[-1])
        return [(second * WIDTH / self.seconds, f"{second} s") for second in range(0, self.seconds, step)]
