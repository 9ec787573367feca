"""The picture of docs/scaling.md: `python -m explore.scaling_chart` writes docs/scaling.svg, in a minute or two.

It needs the packages of `run_demo.py bench` besides those of `explore`.
"""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiment.paths import ROOT
from explore.fleet import HANG_S, SETTLED_S, calls_by_second, simulated
from explore.scaling import FLEETS, KINDS, REPLICAS, SHOP_REPLICAS, TRAFFIC, Kind, shop_calls, typical

PICTURE = ROOT / "docs" / "scaling.svg"
SIZE_INCHES = (8.0, 10.5)
GATEWAYS, SAMPLED = 1_000, 200
SHOWN_S = range(HANG_S - 40, HANG_S + 30)  # from the start of the hang
MEASURED_CALLS = (19, 26, 34, 39)  # in the fault, with one to four replicas: docs/scaling.md
# of Okabe and Ito's palette, which colour-blind readers can tell apart (https://jfly.uni-koeln.de/color/)
COLOURS = ("#d55e00", "#0072b2", "#56b4e9", "#009e73", "#cc79a7")
STYLES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))


def draw(path: Path) -> None:
    """Write the picture as SVG."""
    mpl.rcParams.update({"svg.hashsalt": "scaling", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    measured, by_second, by_gateways = figure.subplots(3, 1)
    _measured(measured)
    series = [(kind, _calls_per_s(kind)) for kind in KINDS]
    _by_second(by_second, series)
    _by_gateways(by_gateways, series[0][1][0] / GATEWAYS)
    for panel in (measured, by_second, by_gateways):
        panel.spines[["top", "right"]].set_visible(False)
        panel.legend(frameon=False, fontsize="small", loc="lower right" if panel is by_second else "upper left")
    figure.savefig(path, format="svg", metadata={"Date": None})


def _calls_per_s(kind: Kind) -> list[float]:
    """Return the calls of GATEWAYS gateways in each second from the start of the hang."""
    sampled = calls_by_second(simulated(kind.point, TRAFFIC, SAMPLED))
    calls = [count * GATEWAYS / SAMPLED for count in sampled]
    if kind.is_elected:  # one gateway's probes, from when all circuits are OPEN until they close
        close_s = max(range(HANG_S, len(calls)), key=lambda second: calls[second] - calls[second - 1])
        calls[SETTLED_S:close_s] = [count / GATEWAYS for count in calls[SETTLED_S:close_s]]
    return calls


def _measured(panel: Axes) -> None:
    expected = [sorted(shop_calls(replicas, number) for number in range(FLEETS)) for replicas in SHOP_REPLICAS]
    low, high = [calls[0] for calls in expected], [calls[-1] for calls in expected]
    panel.fill_between(
        SHOP_REPLICAS, low, high, color=COLOURS[2], alpha=0.3, label=f"model, {FLEETS} fleets of each size"
    )
    panel.plot(SHOP_REPLICAS, MEASURED_CALLS, "o", color="black", label="measured, one run each")
    panel.set_title("Measured: calls that reach the sick service in 30 s", loc="left", fontsize="medium")
    panel.set_xlabel("replicas of v2, which share the shop's load")
    panel.set_xticks(SHOP_REPLICAS)
    panel.set_ylim(bottom=0)


def _by_second(panel: Axes, series: Sequence[tuple[Kind, Sequence[float]]]) -> None:
    for (kind, calls), colour, style in zip(series, COLOURS, STYLES, strict=True):
        seconds = [second - HANG_S for second in SHOWN_S]
        panel.plot(seconds, [calls[second] for second in SHOWN_S], ls=style, color=colour, label=kind.name)
    panel.axvline(0, color="grey", lw=0.8)
    panel.annotate("healed", (0, 1), xycoords=("data", "axes fraction"), xytext=(-45, -12), textcoords="offset points")
    panel.set_yscale("symlog", linthresh=1)
    panel.set_ylim(bottom=0)
    panel.yaxis.set_major_formatter("{x:,.0f}")
    panel.set_title(f"Extrapolated: calls a second of {GATEWAYS:,} gateways", loc="left", fontsize="medium")
    panel.set_xlabel("seconds, from when the service is well again")


def _by_gateways(panel: Axes, first_per_s: float) -> None:
    """Draw the first second of the fault, when each gateway asks so often, and the worst second of its probes."""
    label = "first second of the fault"
    panel.plot(REPLICAS, [first_per_s * n for n in REPLICAS], color="black", label=label)
    for kind, colour, style in zip(KINDS, COLOURS, STYLES, strict=True):
        if kind.point.ramp_s == 0:  # a ramp changes nothing while the service hangs
            worst = [1.0 if kind.is_elected else typical(kind.point, n).most_calls_per_s for n in REPLICAS]
            panel.plot(REPLICAS, worst, ls=style, color=colour, label=f"{kind.name}, worst second of the probes")
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.xaxis.set_major_formatter("{x:,.0f}")
    panel.yaxis.set_major_formatter("{x:,.0f}")
    panel.set_title("Extrapolated: calls a second of so many gateways", loc="left", fontsize="medium")
    panel.set_xlabel("gateways, each with 5 calls a second of its own")


if __name__ == "__main__":
    draw(PICTURE)
