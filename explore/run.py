"""`run_demo.py explore`: search the settings for a traffic, print, and write explore.json and explore.html."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from experiment.paths import ROOT
from explore.call_log_file import read_call_log
from explore.exploration import Asked, exploration
from explore.fault import fault_from
from explore.from_report import traffic_from_report
from explore.model import Exploration, Studied, Tried
from explore.own_settings import own_point
from explore.page import write_page
from explore.plan import ExplorePlan
from explore.point import Point
from explore.terminal import print_exploration, print_verification
from explore.traffic import Traffic
from explore.verify.run import verify
from explore.verify.trial import chosen, held_out
from report.console import stdout_console

RESULTS = ROOT / "results"
NAME = "explore.json"
PAGE_NAME = "explore.html"
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
        print_verification(console, verify(trials, folder / "logs", console))
        return 0
    asked = asked_for(plan)
    found = exploration(asked, console)
    _write(found, folder)
    print_exploration(console, found)
    if plan.verify:
        points = [asked.fixed, *(_point(one, asked.fixed) for one in least_sure_first(found.best))][: plan.verify]
        found.verification = verify(chosen(points, asked.traffic), folder / "logs", console)
        _write(found, folder)
        print_verification(console, found.verification)
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
        traffic, source = Traffic(plan.rate_per_s or 0.0, plan.latency, plan.error_share), "the options of the command"
        traffic = replace(traffic, users=plan.users, pause_s=plan.pause_s)
    traffic = replace(traffic, capacity=plan.capacity, fault=fault)
    return Asked(traffic, source, fixed, plan.rows, plan.fault, log, plan.replicas)


def least_sure_first(best: Sequence[Studied]) -> list[Studied]:
    """Return points from those on whose times the twin's own runs differ most."""
    return sorted(best, key=lambda one: -one.does.spread)


def _write(found: Exploration, folder: Path) -> None:
    found.write(folder / NAME)
    write_page(folder / PAGE_NAME, found)


def _point(tried: Tried, fixed: Point) -> Point:
    return replace(fixed, **tried.settings.model_dump())
