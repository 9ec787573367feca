"""The measurements as a chart with one panel for each question."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.better import is_ours
from benchmarks.results import Benchmark, Hanging
from report.quantities import milliseconds, significant

OURS, OTHERS = "#2f6f55", "#9aa5b1"
SIZE_INCHES = (13.0, 11.0)

Bars = Sequence[tuple[str, float]]


def draw(benchmark: Benchmark, path: Path) -> None:
    """Write the chart as SVG."""
    mpl.rcParams["svg.hashsalt"] = "benchmark"  # the same numbers give the same file
    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    panels = figure.subplots(3, 2).flat
    refused = [(cost.peer, cost.refused_us.median) for cost in benchmark.costs if cost.refused_us]
    _bars(next(panels), "A call while CLOSED, µs", [(c.peer, c.closed_us.median) for c in benchmark.costs])
    _bars(next(panels), "A refused call while OPEN, µs", refused)
    _bars(next(panels), "20 healthy calls of 0.2 s at once, s", [(t.peer, t.healthy_s) for t in benchmark.threads])
    for product_s in sorted({one.product_s for one in benchmark.healthy}):
        title = f"Full answers/s: recommendations 50 ms, product {milliseconds(product_s * 1000)}"
        bars = [(one.gateway, one.full_per_s.median) for one in benchmark.healthy if one.product_s == product_s]
        _bars(next(panels), title, bars)
    title = "Recommendations hang: slowest product page, ms"
    _bars(next(panels), title, [(one.gateway, _slowest_ms(one)) for one in benchmark.hanging])
    figure.savefig(path, format="svg", metadata={"Date": None})


def _slowest_ms(hanging: Hanging) -> float:
    return hanging.load.latency.answered.max_ms if hanging.load.latency.answered else 0.0


def _bars(panel: Axes, title: str, bars: Bars) -> None:
    names, values = [name for name, _ in bars], [value for _, value in bars]
    drawn = panel.barh(names, values, color=[OURS if is_ours(name) else OTHERS for name in names])
    panel.bar_label(drawn, fmt=significant, padding=3)
    panel.margins(x=0.15)
    panel.invert_yaxis()
    panel.set_title(title, loc="left", fontsize="medium")
    panel.spines[["top", "right"]].set_visible(False)
