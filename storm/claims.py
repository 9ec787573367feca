"""The claims: what every run of the storm must show, so each is decided by the worst run."""

from collections.abc import Iterator, Sequence

from experiment.measure.claim import claim
from experiment.results.model import Claim
from report.quantities import share
from storm.ladder import BREAKER, BUDGET, UNPROTECTED
from storm.model import Loop, Run, RungRun
from storm.plan import COOLDOWN_S, TIMEOUT_S, StormPlan
from storm.sample import GOOD

STAYS_DOWN = 0.1
MARGIN_S = 5.0  # on top of a cooldown and a probe
MULTIPLIED = 3.5  # calls a page, of four at most: some attempts succeed
WITH_BUDGET = 1.11  # 1.1 calls a page, and one or two that are under way at the edges of the time counted
AT_HAND = 2  # times the slots: calls in work, and those that ended while the counts were read
BUSY_STEP = 2  # of the loop: well below the capacity
QUIET_STEP = 1


def claims(runs: Sequence[Run], loop: Loop, plan: StormPlan) -> list[Claim]:
    """Return every claim that these runs and the loop can decide."""
    return [*_of_runs(runs, plan), *of_loop(loop)]


def _of_runs(runs: Sequence[Run], plan: StormPlan) -> Iterator[Claim]:
    unprotected, budget, guard = (_of(runs, rung.name) for rung in (UNPROTECTED, BUDGET, BREAKER))
    well = min((one.well_share for run in runs for one in run.rungs), default=1.0)
    yield claim("before the trigger every rung is well: least goodput", well, ">=", GOOD, "share")
    stays = max(one.down_best_share for one in unprotected)
    name = f"unprotected, the shop stays down for {plan.stays_down_s:g} s after the trigger: goodput of the best 5 s"
    yield claim(name, stays, "<=", STAYS_DOWN, "share")
    yield well_again(slowest_s(guard))
    name = "three retries multiply the calls: least for a page"
    yield claim(name, _extreme(unprotected, least=True), ">=", MULTIPLIED, "calls")
    name = "a retry budget of 10 % does not: most for a page"
    yield claim(name, _extreme(budget, least=False), "<=", WITH_BUDGET, "calls")
    yield from _of_accounts([rung for run in runs for rung in run.rungs], plan)


def _of_accounts(rungs: Sequence[RungRun], plan: StormPlan) -> Iterator[Claim]:
    unanswered = max(rung.pages.unanswered for rung in rungs)
    yield claim("every page was answered: most that were not, of a rung", unanswered, "<=", 0, "pages")
    if plan.trigger != "kill":  # the counts of what it had at hand go with a process
        rests = [abs(rung.accounts.rest) for rung in rungs if rung.accounts]
        name = "calls balance, although callers gave up: arrived, but not worked on, refused or waiting, at most"
        yield claim(name, max(rests) if len(rests) == len(rungs) else None, "<=", AT_HAND * plan.slots, "calls")


def of_loop(loop: Loop) -> list[Claim]:
    """Return what the loop must show: the unprotected gateway first, and the breaker second."""
    unprotected, guarded = (rung.goodput for rung in loop.rungs)
    up, down = loop.ways[BUSY_STEP]
    quiet, quiet_down = loop.ways[QUIET_STEP]
    assert down is not None  # noqa: S101 - neither is the highest
    assert quiet_down is not None  # noqa: S101
    busy = f"{loop.visits_per_s[up]} visits/s"
    name = f"with the breaker there is no loop: goodput at {loop.visits_per_s[quiet]} visits/s on the way down"
    return [
        claim(f"unprotected, goodput at {busy} on the way up", unprotected[up], ">=", GOOD, "share"),
        claim(f"unprotected, goodput at the same {busy} on the way down", unprotected[down], "<=", STAYS_DOWN, "share"),
        claim(name, guarded[quiet_down], ">=", GOOD, "share"),
    ]


def _of(runs: Sequence[Run], name: str) -> list[RungRun]:
    return [rung for run in runs if (rung := run.rung(name))]


def well_again(slowest_s: float | None) -> Claim:
    """Return the claim about the slowest of all runs with the breaker."""
    name = f"with the breaker it is well again, with {share(GOOD)} goodput: after the trigger"
    return claim(name, slowest_s, "<=", COOLDOWN_S + TIMEOUT_S + MARGIN_S, "s")


def slowest_s(rungs: Sequence[RungRun]) -> float | None:
    """Return when the last of these was well again; None: one never was."""
    times_s = [rung.recovered_after_s for rung in rungs]
    return max((time_s for time_s in times_s if time_s is not None), default=None) if None not in times_s else None


def _extreme(rungs: Sequence[RungRun], *, least: bool) -> float | None:
    calls = [rung.calls_per_page for rung in rungs if rung.calls_per_page is not None]
    return (min if least else max)(calls) if len(calls) == len(rungs) else None
