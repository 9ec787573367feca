"""One rung in one run, from its pages and what its dependency counted."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil

from benchmarks.under_test.pages import Series, pages_of, series_of
from experiment.measure.series import Counter
from experiment.measure.summary import GOOD_WITHIN_S
from experiment.results.requests_file import RequestRow
from experiment.run.timeline import Story
from storm.dependency import CALLS, REFUSED, USEFUL, USELESS, WAITING
from storm.model import CallAccounts, DependencySeries, RungRun

GOOD = 0.95  # goodput of a shop that is well
WINDOW_S = 5  # over which it is looked at
GAP_S = 2.5  # between two readings: what was counted meanwhile belongs to none of these seconds
FULL_FAULT_S = (3.0, 20.0)  # after the trigger: what the trigger held up has arrived, and nobody is well unprotected


def rung_run_of(
    name: str, rows: Sequence[RequestRow], story: Story, stays_down_s: float, counted: Mapping[str, Counter]
) -> RungRun:
    """Return what a rung did; the fault of the story is the trigger."""
    assert story.fault  # noqa: S101 - both are there when the run is over
    assert story.heal  # noqa: S101
    from_s, to_s = story.fault.done_s, story.heal.ordered_s
    series = series_of(rows, story.load_ends_s)
    calls, useful, useless, waiting = (counted[what] for what in (CALLS, USEFUL, USELESS, WAITING))
    downs = goodputs(series, round(to_s), round(to_s + stays_down_s))
    return RungRun(
        name=name,
        pages=pages_of(rows, story.ends_s),
        well_share=goodput(series, 0, int(from_s - GOOD_WITHIN_S)),  # later ones are under way when it begins
        down_share=goodput(series, round(to_s), round(to_s + stays_down_s)),
        down_best_share=max(downs),
        recovered_after_s=recovered_after_s(series, to_s),
        calls_per_page=calls_per_page(calls, rows, to_s),
        useless_share=_useless_share(useful, useless, from_s, story.load_ends_s),
        accounts=accounts(counted),
        series=series,
        dependency=DependencySeries(
            calls=_known(calls, calls.per_second(story.load_ends_s)),
            useful=_known(useful, useful.per_second(story.load_ends_s)),
            useless=_known(useless, useless.per_second(story.load_ends_s)),
            waiting=_known(waiting, waiting.values(story.load_ends_s)),
        ),
    )


def goodput(series: Series, from_s: int, to_s: int) -> float:
    """Return the share of whole pages of those asked for in these seconds; 1 of nothing."""
    asked = sum(series.asked[from_s:to_s])
    return round(sum(series.with_recommendations[from_s:to_s]) / asked, 4) if asked else 1.0


def recovered_after_s(series: Series, since_s: float) -> float | None:
    """Return after how long all is well: in the next WINDOW_S seconds, and in all that are left; None: never."""
    seconds = len(series.asked)
    for begin in range(round(since_s), seconds - WINDOW_S + 1):
        if min(goodput(series, begin, begin + WINDOW_S), goodput(series, begin, seconds)) >= GOOD:
            return round(max(0.0, begin - since_s), 1)
    return None


def goodputs(series: Series, from_s: int, to_s: int) -> list[float]:
    """Return the goodput of every WINDOW_S seconds between two moments, or of all, if they are fewer."""
    begins = range(from_s, max(from_s, to_s - WINDOW_S) + 1)
    return [goodput(series, begin, min(to_s, begin + WINDOW_S)) for begin in begins]


def calls_per_page(calls: Counter, rows: Sequence[RequestRow], to_s: float) -> float | None:
    """Return how many calls a page costs in full fault, between two readings, so that no count is a guess."""
    begin_s, end_s = (to_s + after_s for after_s in FULL_FAULT_S)
    read = [point for point in calls.points if begin_s <= point[0] <= end_s]
    if not read:
        return None
    (first_s, before), (last_s, after) = read[0], read[-1]
    return _ratio(round(after - before), sum(first_s <= row.intended_s < last_s for row in rows))


def accounts(counted: Mapping[str, Counter]) -> CallAccounts | None:
    """Return the last that was read of every count."""
    last = {what: round(counter.points[-1][1]) for what, counter in counted.items() if counter.points}
    if not last:
        return None
    return CallAccounts(
        arrived=last[CALLS],
        useful=last[USEFUL],
        useless=last[USELESS],
        refused=last[REFUSED],
        waiting=last[WAITING],
    )


def _known(counter: Counter, per_second: list[int | None]) -> list[int | None]:
    """Return the counts of the seconds, but None for those that reach into a gap between two readings."""
    known = list(per_second)
    for (a_s, _), (b_s, _) in pairwise(counter.points):
        if b_s - a_s > GAP_S:
            gap = slice(max(0, int(a_s)), max(0, ceil(b_s)))
            known[gap] = [None] * len(known[gap])
    return known


def _useless_share(useful: Counter, useless: Counter, from_s: float, to_s: float) -> float | None:
    done, wasted = useful.rise(from_s, to_s), useless.rise(from_s, to_s)
    return None if done is None or wasted is None else _ratio(wasted, done + wasted)


def _ratio(part: int | None, whole: int) -> float | None:
    return round(part / whole, 3) if part is not None and whole else None
