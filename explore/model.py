"""explore.json: every point that was tried, the best of them, and what matters. Units are in the names."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import Field

from experiment.results import versioned
from experiment.results.model import Host
from experiment.results.model.part import Part


class TrafficConditions(Part):
    """The traffic that settings are sought for, while nothing is wrong."""

    source: str
    """where it is from: options, a report or a log"""
    rate_per_s: float
    """calls to the dependency"""
    latency_s: dict[str, float]
    """quantiles of its answers, from p50 to p99.9"""
    error_share: float
    """of its answers"""
    deadline_s: float
    """time that a call may take"""
    users: int | None = None
    """people who pause and return; null: calls come at random moments"""
    pause_s: tuple[float, float] | None = None
    """of each user, after a page: shortest and longest"""
    slots: int | None = None
    """calls that the dependency works on at a time; null: any number"""
    service_s: float | None = None
    """for which a call takes a slot"""
    fault: str = "hang"
    """that is to be expected, as in docs/faults.md"""


class Settings(Part):
    """What a point is set to; units and meaning as in docs/settings.md."""

    trip_policy: str
    fail_max: int
    slow_call_s: float
    failure_rate: float
    slow_call_rate: float
    window_calls: int
    minimum_calls: int
    reset_timeout_s: float
    probes_to_close: int
    ramp_s: float
    max_concurrent: int


class Does(Part):
    """How a point does, in the twin. Times are means of runs with the fault; null: it did not happen in each."""

    false_alarms_per_day: float
    """trips while nothing is wrong"""
    false_alarms_per_day_most: float
    """upper bound of the 95 % confidence interval"""
    false_alarms: int
    """as counted"""
    well_s: float
    """simulated time in which they were counted"""
    good_refused_share: float
    """pages that nothing is wrong with, and that come without their good answer"""
    protect_s: float | None
    """from the start of the fault to OPEN"""
    recover_s: float | None
    """from its end to CLOSED"""
    sick_calls_per_s: float
    """calls that reach the sick dependency"""
    degraded_share: float
    """pages without recommendations while the fault lasts"""
    spread: float
    """how sure the times are: the largest difference between runs, by their mean"""


class Tried(Part):
    """One point."""

    settings: Settings
    does: Does


class Translated(Part):
    """A point as settings of something else."""

    name: str
    language: str
    text: str
    cannot: list[str]
    """what it cannot express of this point"""
    differs: list[str]
    """what it does differently"""


class AtRate(Part):
    """How a point does with another rate of calls, all else equal."""

    factor: float
    """of the rate that was asked for"""
    does: Does


class Replay(Part):
    """What a point had done with the calls of a log. Each pair is a least and a most: a log does not know all."""

    calls: int
    trips: tuple[int, int]
    good_refused: tuple[int, int]
    """calls that had succeeded in time"""
    bad_spared: tuple[int, int]
    """calls that had failed or been late, and had not been made"""


class Studied(Tried):
    """A point that was looked at for longer."""

    at_rates: list[AtRate]
    """from the lowest rate to the highest; the factor 1 is not among them"""
    replay: Replay | None = None
    """null: the traffic is not from a log"""
    translations: list[Translated]


class Fleet(Part):
    """Many gateways with today's settings, each with its own circuit and this traffic, in the fault and after it."""

    replicas: int
    jitter: float
    """share by which each cooldown is randomly longer or shorter"""
    first_calls_per_s: float
    """calls that reach the dependency in the first second of the fault"""
    calls_per_s: float
    """later, on average, with the probes"""
    most_calls_per_s: float
    """later, in the worst second"""
    rise_per_s: float
    """after it has healed: the steepest rise from one second to the next"""
    closed_s: float | None
    """from its healing until the last circuit has closed; null: not within a minute"""


class Matters(Part):
    """Sobol' indices of one measure: the share of its variance that goes with each setting."""

    measure: str
    first_order: dict[str, float]
    """alone"""
    total: dict[str, float]
    """together with others"""


class Compared(Part):
    """One quantity of one trial: on real servers, and in the twin; each is a mean of some runs."""

    trial: int
    quantity: str
    """open_s: from the start of the fault to OPEN; closed_s: from its end to CLOSED; degraded_share: of all pages;
    false_trips: before the fault"""
    measured: float
    expected: float
    """mean of the twin's runs"""
    low: float
    """of the interval in which 95 % of such means of the twin lie"""
    high: float
    error: float
    """of the mean, as a part of what was measured"""
    repeated: float
    """mean of the twin's runs with the very pages that the servers were asked for, and at their times"""
    repeated_error: float
    """of this mean"""

    @property
    def is_inside(self) -> bool:
        """Whether the measurement lies in the twin's interval."""
        return self.low <= self.measured <= self.high


class Agreement(Part):
    """One quantity over all trials."""

    quantity: str
    compared: int
    """trials in which it happened in every run of the servers and of the twin"""
    median_error: float
    rank_correlation: float | None
    """Spearman's; null: too few trials, or all the same"""
    repeated_median_error: float
    """of the twin with the very pages of the servers"""
    repeated_rank_correlation: float | None
    inside: int
    """measurements in the twin's interval"""


class Verification(Part):
    """The twin against real servers."""

    schema_version: Literal[1] = 1
    started_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    host: Host = Field(default_factory=Host)
    of: str
    """what the trials are of"""
    trials: int
    most_calls_per_s: float
    """of one trial: beyond it, nothing was verified"""
    gateway_cpu_s: float
    """processor time that a page cost the gateway"""
    compared: list[Compared]
    agreements: list[Agreement]


class Exploration(Part):
    """All that `run_demo.py explore` found."""

    schema_version: Literal[1] = 1
    started_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    traffic: TrafficConditions
    defaults: Studied
    """the shop's own settings"""
    best: list[Studied]
    """points that no other point beats in everything"""
    tried: list[Tried]
    """all points of the search"""
    search_s: float
    """time that these took on this host"""
    fleets: list[Fleet] = Field(default_factory=list)
    """without jitter and with it; empty: not asked for"""
    matters: list[Matters]
    """one for each measure that varies"""
    verification: Verification | None = None
    """of these points, or else the last one of any; null: there is none"""
    host: Host = Field(default_factory=Host)

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        versioned.write(self, path)
