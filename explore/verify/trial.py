"""What is run twice, once in the twin and once on servers, and what is compared of it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from random import Random
from statistics import fmean

from explore.latency import QuantileLatency
from explore.point import Point
from explore.space import DIMENSIONS, point_at
from explore.traffic import Fault, Traffic
from explore.twin import Story, simulate
from explore.twin.outcome import Outcome

REPEATS = 3  # of a trial, with other visits and other chances: what is compared is their mean
SIMULATIONS = 40  # means of so many repeats
WELL_S = 15.0
AFTER_S = 3.0  # after the last moment at which the circuit should be CLOSED
INTERVAL = 0.95
RATES_PER_S = (5.0, 60.0)
MEDIANS_S = (0.005, 0.06)
TAILS = (3.0, 12.0)  # P99 by the median
MOST_ERRORS = 0.02
COOLDOWNS_S = (1.0, 5.0)  # short, so that a trial is


@dataclass(frozen=True, slots=True)
class Trial:
    """One fault, with a time before it and after it in which nothing is wrong."""

    point: Point
    traffic: Traffic
    sick_s: float
    seed: int

    @property
    def story(self) -> Story:
        """The same for the twin."""
        return Story.of(self.traffic.fault, WELL_S, self.sick_s, self.after_s)

    @property
    def after_s(self) -> float:
        """How long it goes on after the fault: a cooldown, all probes, each up to its deadline, and the ramp."""
        point = self.point
        return point.reset_timeout_s + point.probes_to_close * point.deadline_s + point.ramp_s + AFTER_S


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run came to. None: it did not happen."""

    open_s: float | None  # from the start of the fault to OPEN
    closed_s: float | None  # from its end to CLOSED
    degraded_share: float  # of all pages
    false_trips: int  # before the fault


@dataclass(frozen=True, slots=True)
class Run:
    """A run on servers: what it came to, and its own times, from the start of its load."""

    seen: Seen
    arrivals_s: Sequence[float]  # when its pages were asked for
    story: Story
    gateway_cpu_s: float  # processor time that the gateway used


NAMES = tuple(field.name for field in fields(Seen))


@dataclass(frozen=True, slots=True)
class Expected:
    """A quantity in the runs of the twin: the mean, and between which values 95 % of the means of repeats lie."""

    mean: float
    low: float
    high: float


def held_out(number: int) -> Trial:
    """Return a trial that nothing was chosen by: its number alone decides all of it."""
    rng = Random(f"held out, second set {number}")  # noqa: S311 - a choice of trials
    fixed = Point(patience_s=2.0)
    point = point_at([rng.random() for _ in DIMENSIONS], fixed)
    point = replace(point, reset_timeout_s=round(rng.uniform(*COOLDOWNS_S), 1), ramp_s=min(point.ramp_s, 5.0))
    median_s = _log_between(rng, *MEDIANS_S)
    latency = QuantileLatency({0.5: median_s, 0.99: median_s * rng.uniform(*TAILS)})
    rate_per_s, error_share = _log_between(rng, *RATES_PER_S), rng.random() * MOST_ERRORS
    traffic = Traffic(rate_per_s, latency, error_share, fault=Fault(hang_share=rng.choice((1.0, 1.0, 0.7))))
    return Trial(point, traffic, sick_s=rng.uniform(6, 12), seed=number)


def chosen(points: Sequence[Point], traffic: Traffic) -> list[Trial]:
    """Return a trial of each point with a user's own traffic."""
    return [
        Trial(point, traffic, sick_s=point.reset_timeout_s + point.deadline_s, seed=number)
        for number, point in enumerate(points, start=1)
    ]


def repeats(trial: Trial) -> list[Trial]:
    """Return the trial as often as it is run."""
    return [replace(trial, seed=REPEATS * trial.seed + number) for number in range(REPEATS)]


def means(runs: Sequence[Seen]) -> dict[str, float]:
    """Return the mean of each quantity that happened in all of these runs."""
    values = {name: [value for run in runs if (value := getattr(run, name)) is not None] for name in NAMES}
    return {name: fmean(found) for name, found in values.items() if len(found) == len(runs)}


def predicted(trial: Trial) -> dict[str, Expected]:
    """Return what the twin expects of the mean of each quantity that happens in all of its runs.

    It knows the traffic, and not when each page is asked for.
    """
    seeds = range(REPEATS * SIMULATIONS)
    runs = [_simulated(trial, trial.story, seed) for seed in seeds]
    of_repeats = [means(runs[begin : begin + REPEATS]) for begin in seeds[::REPEATS]]
    return {name: _expected([one[name] for one in of_repeats]) for name in means(runs)}


def repeated(trial: Trial, runs: Sequence[Run]) -> dict[str, float]:
    """Return what the twin makes, on average, of the very pages that were asked for in these runs."""
    of_seeds = [
        means([_simulated(trial, run.story, seed, run.arrivals_s) for run in runs]) for seed in range(SIMULATIONS)
    ]
    return {name: fmean(one[name] for one in of_seeds) for name in NAMES if all(name in one for one in of_seeds)}


def _simulated(trial: Trial, story: Story, seed: int, arrivals_s: Sequence[float] | None = None) -> Seen:
    return seen_in(simulate(trial.point, trial.traffic, story, seed, arrivals_s), story)


def seen_in(outcome: Outcome, story: Story) -> Seen:
    """Return what is compared of a run of the twin in which one fault happens."""
    [sick] = story.episodes
    sick_s, heals_s = sick.begins_s, sick.ends_s
    opened = [at_s for at_s in outcome.trips_s(sick_s) if at_s < heals_s]
    closed_s = outcome.closed_s(heals_s)
    pages = outcome.well.pages + outcome.sick.pages
    return Seen(
        open_s=opened[0] - sick_s if opened else None,
        closed_s=None if closed_s is None or outcome.is_closed_at(heals_s) else closed_s - heals_s,
        degraded_share=(outcome.well.degraded + outcome.sick.degraded) / max(1, pages),
        false_trips=sum(at_s < sick_s for at_s in outcome.trips_s()),
    )


def _expected(values: list[float]) -> Expected:
    ordered, outside = sorted(values), (1 - INTERVAL) / 2
    last = len(ordered) - 1
    return Expected(fmean(ordered), ordered[round(outside * last)], ordered[round((1 - outside) * last)])


def _log_between(rng: Random, low: float, high: float) -> float:
    return float(low * (high / low) ** rng.random())
