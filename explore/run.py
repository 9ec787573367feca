"""`run_demo.py explore`: search the settings for a traffic, print, and write explore.json and explore.html."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from experiment.paths import ROOT
from explore.call_log_file import read_call_log
from explore.from_report import traffic_from_report
from explore.measures import Measures, measure, most_per_day
from explore.model import AtRate, Does, Exploration, Matters, Settings, Studied, TrafficConditions, Translated, Tried
from explore.plan import ROWS, ExplorePlan
from explore.point import Point
from explore.search import SURE_CALLS, Found, Told, best, measured, search
from explore.sensitivity import sensitivities
from explore.space import NAMES
from explore.terminal import print_exploration
from explore.traffic import Traffic
from explore.translations import translations
from explore.verify.run import verify
from explore.verify.trial import chosen, held_out
from report.console import stdout_console

RESULTS = ROOT / "results"
NAME = "explore.json"
WIDTH = 160  # of the tables, when the output is not a terminal
SEED = 1
RATE_FACTORS = (0.25, 0.5, 2.0, 4.0)
QUANTILES = (0.5, 0.75, 0.9, 0.95, 0.99, 0.999)


@dataclass(frozen=True, slots=True)
class Asked:
    """The traffic, and how it is searched."""

    traffic: Traffic
    source: str  # where the traffic is from
    fixed: Point  # with the settings that are not searched
    rows: int = ROWS


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
        verify([held_out(number) for number in range(1, plan.verify + 1)], folder / "logs", console)
        return 0
    asked = asked_for(plan)
    found = exploration(asked, console)
    found.write(folder / NAME)
    print_exploration(console, found)
    console.print(f"All of it is in {folder / NAME}", soft_wrap=True, highlight=False)
    if plan.verify:
        points = [asked.fixed, *(_point(one, asked.fixed) for one in found.best)][: plan.verify]
        verify(chosen(points, asked.traffic), folder / "logs", console)
    return 0


def asked_for(plan: ExplorePlan) -> Asked:
    """Return the traffic that a plan describes, or raise as `explore` does."""
    fixed = Point(deadline_s=plan.deadline_s, slow_call_s=min(Point().slow_call_s, plan.deadline_s))
    if plan.report:
        traffic, source = traffic_from_report(plan.report), f"the report {plan.report.name}"
    elif plan.log:
        traffic, source = read_call_log(plan.log).traffic(), f"the log {plan.log.name}"
    else:
        assert plan.rate_per_s and plan.latency  # noqa: S101, PT018 - the command line has seen to it
        traffic, source = Traffic(plan.rate_per_s, plan.latency, plan.error_share), "the options of the command"
    return Asked(traffic, source, fixed, plan.rows)


def exploration(asked: Asked, console: Console) -> Exploration:
    """Return all that is to be known of this traffic."""
    with Progress(console=console, disable=not console.is_terminal) as progress:
        searched = search(asked.traffic, asked.fixed, asked.rows, SEED, _teller(progress, "search"))
        chosen = best(searched.found, asked.traffic, SEED, _teller(progress, "the best for longer"))
        [own] = measured([asked.fixed], partial(measure, traffic=asked.traffic, seed=SEED, well_calls=SURE_CALLS))
        at_rates = _at_rates([own, *chosen], asked.traffic, progress)
    studied = [_studied(found, rates) for found, rates in zip([own, *chosen], at_rates, strict=True)]
    return Exploration(
        traffic=_traffic(asked),
        defaults=studied[0],
        best=studied[1:],
        tried=[Tried(settings=_settings(one.point), does=_does(one.measures)) for one in searched.found],
        matters=[Matters(**asdict(one)) for one in sensitivities(searched)],
    )


def _at_rates(chosen: Sequence[Found], traffic: Traffic, progress: Progress) -> list[list[AtRate]]:
    """Return how each point does at each other rate."""
    points = [one.point for one in chosen]
    found = [
        list(
            measured(
                points,
                partial(measure, traffic=traffic.times(factor), seed=SEED),
                _teller(progress, f"the best at {factor:g} times the rate"),
            )
        )
        for factor in RATE_FACTORS
    ]
    return [
        [AtRate(factor=factor, does=_does(one.measures)) for factor, one in zip(RATE_FACTORS, of_point, strict=True)]
        for of_point in zip(*found, strict=True)
    ]


def _studied(found: Found, at_rates: list[AtRate]) -> Studied:
    return Studied(
        settings=_settings(found.point),
        does=_does(found.measures),
        at_rates=at_rates,
        translations=[Translated(**asdict(one)) for one in translations(found.point)],
    )


def _traffic(asked: Asked) -> TrafficConditions:
    traffic = asked.traffic
    return TrafficConditions(
        source=asked.source,
        rate_per_s=traffic.calls_per_s,
        latency_s={f"p{100 * share:g}": round(traffic.latency.quantile_s(share), 6) for share in QUANTILES},
        error_share=traffic.error_share,
        deadline_s=asked.fixed.deadline_s,
    )


def _point(tried: Tried, fixed: Point) -> Point:
    return replace(fixed, **tried.settings.model_dump())


def _settings(point: Point) -> Settings:
    return Settings(minimum_calls=point.minimum_calls, **{name: getattr(point, name) for name in NAMES})


def _does(measures: Measures) -> Does:
    most = most_per_day(measures.false_alarms, measures.well_s)
    rounded = {name: value if value is None else round(value, 5) for name, value in asdict(measures).items()}
    return Does(**rounded, false_alarms_per_day_most=round(most, 3))


def _teller(progress: Progress, what: str) -> Told:
    task = progress.add_task(what, total=None)
    return lambda done, of: progress.update(task, completed=done, total=of)
