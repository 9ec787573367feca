"""`run_demo.py explore`: search the settings for a traffic, print, and write explore.json and explore.html."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from experiment.errors import UsageError
from experiment.paths import ROOT
from experiment.results import versioned
from explore.call_log_file import read_call_log
from explore.exploration import Asked, exploration
from explore.fault import fault_from
from explore.from_report import traffic_from_report
from explore.model import Exploration, Studied, Tried, Verification
from explore.own_settings import own_point
from explore.page import write_page
from explore.plan import RATES_PER_S, ExplorePlan
from explore.point import Point
from explore.terminal import print_exploration, print_verification
from explore.traffic import Traffic
from explore.verify.run import verify
from explore.verify.trial import Trial, chosen, held_out
from report.console import stdout_console
from report.quantities import number

RESULTS = ROOT / "results"
NAME = "explore.json"
PAGE_NAME = "explore.html"
VERIFICATION_NAME = "verification.json"  # the last one: a page without one of its own shows it
WIDTH = 160  # of the tables, when the output is not a terminal


def explore(plan: ExplorePlan, folder: Path = RESULTS) -> int:
    """Search, print and write, and verify what is to be; return 0.

    Raises:
        UsageError: the report or the log cannot be used.
        EnvironmentProblem: a server for the verification does not start.
    """
    console = stdout_console()
    if not console.is_terminal:
        console.width = WIDTH
    folder.mkdir(parents=True, exist_ok=True)
    if not plan.has_traffic:
        trials = [held_out(number) for number in range(1, plan.verify + 1)]
        _verify(trials, "random traffic and settings", folder, console)
        return 0
    asked = asked_for(plan)
    found = exploration(asked, console)
    found.verification = last_verification(folder)
    _write(found, folder)
    print_exploration(console, found)
    if plan.verify:
        points = [asked.fixed, *(_point(one, asked.fixed) for one in least_sure_first(found.best))][: plan.verify]
        trials = chosen(points, asked.traffic)
        found.verification = _verify(trials, f"points for {asked.traffic.calls_per_s:g} calls/s", folder, console)
        _write(found, folder)
    console.print(f"All of it is in {folder / NAME}", soft_wrap=True, highlight=False)
    console.print(f"Open {folder / PAGE_NAME} in a browser", soft_wrap=True, highlight=False)
    return 0


def asked_for(plan: ExplorePlan) -> Asked:
    """Return the traffic that a plan describes, or raise as `explore` does."""
    fixed, fault = own_point(plan.deadline_s), fault_from(plan.fault)
    log = read_call_log(plan.log) if plan.log else None
    if plan.report:
        traffic, source = traffic_from_report(plan.report), f"the report {plan.report.name}"
    elif log and plan.log:
        traffic, source = log.traffic(), f"the log {plan.log.name}"
    else:
        assert plan.latency  # noqa: S101 - the command line has seen to it
        traffic, source = Traffic(plan.rate_per_s or 0.0, plan.latency, plan.error_share), "the command line"
        traffic = replace(traffic, users=plan.users, pause_s=plan.pause_s)
    traffic = replace(traffic, capacity=plan.capacity, fault=fault)
    low, high = RATES_PER_S
    if not low <= traffic.calls_per_s <= high:
        raise UsageError(f"{source} has {number(traffic.calls_per_s)} calls/s; explore takes {low:g} to {high:,.0f}")
    return Asked(traffic, source, fixed, plan.rows, plan.fault, log, plan.replicas)


def least_sure_first(best: Sequence[Studied]) -> list[Studied]:
    """Return points from those on whose times the twin's own runs differ most."""
    return sorted(best, key=lambda one: -one.does.spread)


def last_verification(folder: Path) -> Verification | None:
    """Return the last one whose results this version can read, if there is one."""
    with suppress(UsageError):
        return versioned.read(Verification, folder / VERIFICATION_NAME, "verification")
    return None


def _verify(trials: Sequence[Trial], what: str, folder: Path, console: Console) -> Verification:
    """Verify, write and print."""
    found = verify(trials, what, folder / "logs", console)
    versioned.write(found, folder / VERIFICATION_NAME)
    print_verification(console, found)
    return found


def _write(found: Exploration, folder: Path) -> None:
    found.write(folder / NAME)
    write_page(folder / PAGE_NAME, found)


def _point(tried: Tried, fixed: Point) -> Point:
    return replace(fixed, **tried.settings.model_dump())
