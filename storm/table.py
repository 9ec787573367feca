"""The ladder and the loop as tables."""

from collections.abc import Callable, Sequence
from statistics import median

from report.quantities import NOTHING, number, seconds, share
from report.table.model import Table
from storm.model import Loop, RungRun, Storm

NEVER = "not in this run"


def loop_table(loop: Loop) -> Table:
    """Return the goodput of each load on the way up, and on the way down."""
    columns = ["visits/s", *(f"{rung.name}, {way}" for rung in loop.rungs for way in ("up", "down"))]
    rows = [
        [str(loop.visits_per_s[up]), *(_part(rung.goodput, step) for rung in loop.rungs for step in (up, down))]
        for up, down in loop.ways
    ]
    return Table("Goodput on the way up, and at the same load on the way down", columns, rows)


def _part(goodput: Sequence[float], step: int | None) -> str:
    return "" if step is None else share(goodput[step])


def ladder_table(storm: Storm) -> Table:
    """Return what each rung did; with several runs, each figure is the median."""
    asked = storm.conditions
    columns = (
        "rung",
        "goodput before",
        f"in the {asked.stays_down_s:g} s after the trigger",
        "well again after",
        "calls a page in full fault",
        "work for nobody",
    )
    named = [(rung.name, storm.of(rung.name)) for rung in asked.rungs]
    rows = [[name, *_figures(runs)] for name, runs in named if runs]
    return Table("Goodput: whole pages, with recommendations and within 1 s, of those asked for", columns, rows)


def _figures(runs: Sequence[RungRun]) -> list[str]:
    return [
        share(median(run.well_share for run in runs)),
        share(median(run.down_share for run in runs)),
        _time(runs),
        _known([run.calls_per_page for run in runs], number),
        _known([run.useless_share for run in runs], share),
    ]


def _time(runs: Sequence[RungRun]) -> str:
    """Return the median, where what never happened is longer than any time."""
    times_s = sorted(float("inf") if run.recovered_after_s is None else run.recovered_after_s for run in runs)
    middle_s = times_s[len(times_s) // 2]
    return NEVER if middle_s == float("inf") else seconds(middle_s)


def _known(values: Sequence[float | None], text: Callable[[float], str]) -> str:
    known = [value for value in values if value is not None]
    return text(median(known)) if known else NOTHING
