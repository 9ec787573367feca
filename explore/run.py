"""`run_demo.py explore`: search the settings for a traffic, print, and write explore.json and explore.html."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from experiment.paths import ROOT
from explore.measures import Measures, measure, most_per_day
from explore.model import AtRate, Does, Exploration, Matters, Settings, Studied, TrafficConditions, Translated, Tried
from explore.point import Point
from explore.search import SURE_CALLS, Found, Told, best, measured, search
from explore.sensitivity import sensitivities
from explore.space import NAMES
from explore.terminal import print_exploration
from explore.traffic import Traffic
from explore.translations import translations
from report.console import stdout_console

RESULTS = ROOT / "results"
NAME = "explore.json"
COUNT = 64  # rows of the design: COUNT x (2 + dimensions) points
SEED = 1
RATE_FACTORS = (0.25, 0.5, 2.0, 4.0)
QUANTILES = (0.5, 0.75, 0.9, 0.95, 0.99, 0.999)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was asked for."""

    traffic: Traffic
    source: str  # where the traffic is from
    fixed: Point  # with the settings that are not searched
    count: int = COUNT


def explore(asked: Asked, folder: Path = RESULTS) -> int:
    """Search, print and write; return 0."""
    console = stdout_console()
    found = exploration(asked, console)
    folder.mkdir(parents=True, exist_ok=True)
    found.write(folder / NAME)
    print_exploration(console, found)
    console.print(f"All of it is in {folder / NAME}", soft_wrap=True, highlight=False)
    return 0


def exploration(asked: Asked, console: Console) -> Exploration:
    """Return all that is to be known of this traffic."""
    with Progress(console=console, disable=not console.is_terminal) as progress:
        searched = search(asked.traffic, asked.fixed, asked.count, SEED, _teller(progress, "search"))
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


def _settings(point: Point) -> Settings:
    return Settings(minimum_calls=point.minimum_calls, **{name: getattr(point, name) for name in NAMES})


def _does(measures: Measures) -> Does:
    most = most_per_day(measures.false_alarms, measures.well_s)
    rounded = {name: value if value is None else round(value, 5) for name, value in asdict(measures).items()}
    return Does(**rounded, false_alarms_per_day_most=round(most, 3))


def _teller(progress: Progress, what: str) -> Told:
    task = progress.add_task(what, total=None)
    return lambda done, of: progress.update(task, completed=done, total=of)
