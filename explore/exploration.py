"""All that is to be known of a traffic: the search, the best points, what they do at other rates, and what matters."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

from rich.console import Console
from rich.progress import Progress

from explore.call_log import CallLog
from explore.fleet import JITTERS, fleet
from explore.measures import Measures, measure, most_per_day
from explore.model import (
    AtRate,
    Does,
    Exploration,
    Fleet,
    Matters,
    Replay,
    Settings,
    Studied,
    TrafficConditions,
    Translated,
    Tried,
)
from explore.plan import ROWS
from explore.point import Point
from explore.processors import Told, on_all_processors
from explore.replay import MOST_CALLS, Replayed, replayed
from explore.search import SURE_CALLS, Found, best, measured, search
from explore.sensitivity import sensitivities
from explore.space import NAMES
from explore.traffic import Traffic
from explore.translations import translations

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
    fault: str = "hang"  # that of the traffic, in one word
    log: CallLog | None = None  # to replay
    replicas: int = 0  # of a fleet; 0: none


def exploration(asked: Asked, console: Console) -> Exploration:
    """Return all that is to be known of this traffic."""
    with Progress(console=console, disable=not console.is_terminal) as progress:
        begins_s = time.monotonic()
        searched = search(asked.traffic, asked.fixed, asked.rows, SEED, _teller(progress, "search"))
        search_s = time.monotonic() - begins_s
        frontier = best(searched.found, asked.traffic, SEED, _teller(progress, "the best for longer"))
        [own] = measured([asked.fixed], partial(measure, traffic=asked.traffic, seed=SEED, well_calls=SURE_CALLS))
        found = [own, *frontier]
        at_rates = _at_rates(found, asked.traffic, progress)
        replays = _replays(found, asked.log, progress)
    studied = [_studied(*one) for one in zip(found, at_rates, replays, strict=True)]
    return Exploration(
        traffic=_traffic(asked),
        defaults=studied[0],
        best=studied[1:],
        tried=[Tried(settings=_settings(one.point), does=_does(one.measures)) for one in searched.found],
        search_s=round(search_s, 1),
        fleets=_fleets(asked),
        matters=[Matters(**asdict(one)) for one in sensitivities(searched)],
    )


def _fleets(asked: Asked) -> list[Fleet]:
    if not asked.replicas:
        return []
    return [
        Fleet(**asdict(fleet(replace(asked.fixed, reset_jitter=jitter), asked.traffic, asked.replicas)))
        for jitter in JITTERS
    ]


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


def _replays(chosen: Sequence[Found], log: CallLog | None, progress: Progress) -> Sequence[Replayed | None]:
    """Return what each point had done with the calls of the log, if there is one."""
    if log is None:
        return [None] * len(chosen)
    points = [one.point for one in chosen]
    return list(on_all_processors(partial(replayed, log=log.first(MOST_CALLS)), points, _teller(progress, "the log")))


def _studied(found: Found, at_rates: list[AtRate], replay: Replayed | None) -> Studied:
    return Studied(
        settings=_settings(found.point),
        does=_does(found.measures),
        at_rates=at_rates,
        replay=replay and Replay(**asdict(replay)),
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
        users=traffic.users,
        pause_s=traffic.pause_s if traffic.users else None,
        slots=traffic.capacity and traffic.capacity.slots,
        service_s=traffic.capacity and traffic.capacity.service_s,
        fault=asked.fault,
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
