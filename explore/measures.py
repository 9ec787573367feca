"""What a point is judged by, from simulated runs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean

from explore.point import Point
from explore.traffic import Traffic
from explore.twin import Story, simulate
from explore.twin.outcome import Outcome

DAY_S = 86_400.0
WELL_CALLS = 10_000  # of the run in which nothing is wrong: a false alarm in 10,000 calls is seen once
LEAST_WELL_S = 10.0  # it lasts at least
BEFORE_S = 10.0  # a fault, at most
BEFORE_CALLS = 2_000  # at high rates: enough to fill any window that is searched
FAULT_S = 30.0  # at least
FAULTS = 4  # runs with a fault: its end comes at a random moment of each quarter of the cooldown


@dataclass(frozen=True, slots=True)
class Measures:
    """How a point does; times are means. None: it did not happen in every run."""

    false_alarms_per_day: float
    false_alarms: int  # as counted
    well_s: float  # in this time
    good_refused_share: float  # of the pages of a well dependency: without its answer, although it was good
    protect_s: float | None  # from the start of the fault to OPEN
    recover_s: float | None  # from its end to CLOSED
    sick_calls_per_s: float  # that reach the sick dependency
    degraded_share: float  # of the pages of that time
    spread: float  # of its times: the largest difference between runs with the fault, by their mean


def measure(point: Point, traffic: Traffic, seed: int, well_calls: int = WELL_CALLS) -> Measures:
    """Return how a point does with this traffic: while nothing is wrong, and while its fault lasts."""
    well_s = max(well_calls / traffic.calls_per_s, LEAST_WELL_S)
    well = simulate(point, traffic, Story.well(well_s), seed)
    sick = [_sick(point, traffic, seed, number) for number in range(FAULTS)]
    alarms = len(well.trips_s())
    return Measures(
        false_alarms_per_day=alarms * DAY_S / well_s,
        false_alarms=alarms,
        well_s=well_s,
        good_refused_share=well.well.good_refused / max(1, well.well.pages),
        protect_s=_mean([run.protect_s for run in sick]),
        recover_s=_mean([run.recover_s for run in sick]),
        sick_calls_per_s=fmean(run.sick_calls_per_s for run in sick),
        degraded_share=fmean(run.outcome.sick.degraded_share for run in sick),
        spread=max(_spread([run.protect_s for run in sick]), _spread([run.recover_s for run in sick])),
    )


@dataclass(frozen=True, slots=True)
class _Sick:
    outcome: Outcome
    begins_s: float
    ends_s: float

    @property
    def protect_s(self) -> float | None:
        if not self.outcome.is_closed_at(self.begins_s):  # by a false alarm: nobody waits
            return 0.0
        trips = [at_s - self.begins_s for at_s in self.outcome.trips_s(self.begins_s) if at_s < self.ends_s]
        return trips[0] if trips else None

    @property
    def recover_s(self) -> float | None:
        closed_s = self.outcome.closed_s(self.ends_s)
        return None if closed_s is None or self.protect_s is None else closed_s - self.ends_s

    @property
    def sick_calls_per_s(self) -> float:
        return len(self.outcome.sick_calls_s) / (self.ends_s - self.begins_s)


def _sick(point: Point, traffic: Traffic, seed: int, number: int) -> _Sick:
    """Let the fault happen, for a time that ends in the part of the cooldown with this number."""
    cooldown_s = point.reset_timeout_s + point.deadline_s
    ends_in = (number + Random(f"{seed} {number}").random()) / FAULTS  # noqa: S311 - a simulation
    sick_s = max(FAULT_S, cooldown_s) + ends_in * cooldown_s
    after_s = 1.5 * max(point.reset_timeout_s, point.reset_timeout_max_s if point.reset_growth > 1 else 0.0)
    after_s += point.probes_to_close * point.deadline_s + point.deadline_s
    before_s = min(BEFORE_S, max(BEFORE_CALLS / traffic.calls_per_s, point.window_s, point.deadline_s))
    story = Story.of(traffic.fault, before_s, sick_s, after_s, until_closed=True)
    return _Sick(simulate(point, traffic, story, seed + number), before_s, before_s + sick_s)


def _mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of those that are known; None if one of them never came."""
    known = [value for value in values if value is not None]
    return fmean(known) if known and len(known) == len(values) else None


def _spread(values: Sequence[float | None]) -> float:
    """Return the largest difference by the mean; 0 of fewer than two that are known."""
    known = [value for value in values if value is not None]
    return (max(known) - min(known)) / fmean(known) if len(known) > 1 and fmean(known) > 0 else 0.0


def most_per_day(alarms: int, well_s: float) -> float:
    """Return the most false alarms a day that are compatible, at 95 %, with so many in this time; they are Poisson's.

    The upper bound is that of Garwood (1936) in the approximation of Wilson and Hilferty; for none, it is 3.0 in the
    time ("the rule of three").
    """
    if alarms == 0:
        return -math.log(0.05) * DAY_S / well_s
    n = alarms + 1
    return n * (1 - 1 / (9 * n) + 1.645 / (3 * math.sqrt(n))) ** 3 * DAY_S / well_s
