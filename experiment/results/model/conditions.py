"""The conditions of a run: what was asked for."""

from typing import Annotated, Literal

from pydantic import Field

from experiment.phases import Phase
from experiment.results.model.part import Part


class ClosedLoad(Part):
    """Users who pause after each answer."""

    kind: Literal["closed"] = "closed"
    users: int
    """users at each gateway"""
    pause_s: tuple[float, float]
    """a user pauses for anything between, evenly"""
    ramp_per_s: int | None
    """users who come each second; null: all are there from the start, each somewhere in a pause"""
    ceiling_per_s: float
    """requests/s that these users make, on average, when every answer takes no time"""


class OpenLoad(Part):
    """Requests that start on a schedule, whether or not earlier ones were answered."""

    kind: Literal["open"] = "open"
    arrival_rate_per_s: float
    """requests that start at each gateway every second, on average (a Poisson process)"""
    in_flight_max: int
    """requests that the generator keeps open at one gateway; beyond it a request is unsent"""


class GuardSettings(Part):
    """How v2's guard was set, from its /circuit-status."""

    fail_max: int
    """failures in a row, or calls that wait while one is slow and none succeeds, that trip the circuit"""
    failure_rate: float | None
    """share of failures among the last calls that trips it; null where failures in a row do"""
    slow_call_rate: float | None = None
    """share of slow calls among the last calls that trips it as well; null where there is no such rule"""
    reset_timeout_s: float
    """the cooldown"""
    deadline_s: float
    """the total time that one call may take"""
    patience_s: float
    """the time that a page waits for recommendations, at most"""
    slow_call_s: float
    """time after which a call in flight counts as slow"""
    bulkhead_max_concurrent: int
    """calls in flight at the same time, of those that count"""
    bulkhead_overdue_after_s: float | None = None
    """age from which a call in flight counted, at the end of the run; null where every call counts"""


class InjectedFault(Part):
    """What one service suffered from."""

    service: str
    kind: str
    spec: str
    """the fault as `run_demo.py --fault` takes it"""


class Experiment(Part):
    """What was asked for."""

    engine: Literal["local", "docker"]
    """where the services ran: processes, or containers"""
    phases_s: dict[Phase, float]
    """length of each phase, in their order; fault alone is the classic run: sick from the start"""
    faults: list[InjectedFault]
    """what was put in, at most one for each service"""
    load: Annotated[ClosedLoad | OpenLoad, Field(discriminator="kind")]
    """the load on each gateway, on both at the same time"""
    catalogue_share: float
    """share of requests for the catalogue, which needs no recommendations"""
    seed: int
    """what chance started from: the same seed makes the same visits"""
    good_within_s: float
    """an answer with product information within this time is good"""
    guard: GuardSettings | None
    """v2's protection; null when the run was interrupted early"""
    threads: dict[str, int]
    """requests that each gateway can serve at the same time"""
