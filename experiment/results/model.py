"""comparison_report.json: all that a run measured. Units are in the names; docs/report.md lists every field."""

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from experiment.errors import UsageError
from experiment.phases import Phase
from shopkit.validation import first_problem

VERSION: Literal[2] = 2
LIBRARIES = ("flask", "gunicorn", "locust", "pybreaker", "requests", "urllib3")


class _Part(BaseModel):
    """A part of the report: what stands below a field is its description in the published schema."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class ClosedLoad(_Part):
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


class OpenLoad(_Part):
    """Requests that start on a schedule, whether or not earlier ones were answered."""

    kind: Literal["open"] = "open"
    arrival_rate_per_s: float
    """requests that start at each gateway every second, on average (a Poisson process)"""
    in_flight_max: int
    """requests that the generator keeps open at one gateway; beyond it a request is unsent"""


class Guard(_Part):
    """How v2's guard was set, from its /circuit-status."""

    fail_max: int
    """failures in a row, or slow calls in flight, that trip the circuit"""
    failure_rate: float | None
    """share of the last calls that trips it; null where failures in a row do"""
    reset_timeout_s: float
    """the cooldown"""
    deadline_s: float
    """the total time that one call may take"""
    slow_call_s: float
    """time after which a call in flight counts as slow"""
    bulkhead_max_concurrent: int
    """calls in flight at the same time"""


class Experiment(_Part):
    """What was asked for."""

    engine: Literal["local", "docker"]
    """where the services ran: processes, or containers"""
    phases_s: dict[Phase, float]
    """length of each phase, in their order; fault alone is the classic run: sick from the start"""
    fault: dict[str, str | float]
    """what was put into the recommendations service"""
    load: Annotated[ClosedLoad | OpenLoad, Field(discriminator="kind")]
    """the load on each gateway, on both at the same time"""
    catalogue_share: float
    """share of requests for the catalogue, which needs no recommendations"""
    seed: int
    """what chance started from: the same seed makes the same visits"""
    good_within_s: float
    """an answer with product information within this time is good"""
    guard: Guard | None
    """v2's protection; null when the run was interrupted early"""
    threads: dict[str, int]
    """requests that each gateway can serve at the same time"""


class PhaseSpan(_Part):
    """When a phase began and ended."""

    phase: Phase
    from_s: float
    to_s: float


class StateSpan(_Part):
    """How long v2's circuit was in a state, and why it came there."""

    state: Literal["CLOSED", "OPEN", "HALF-OPEN"]
    from_s: float
    to_s: float
    why: str
    """empty for the state at the start"""


class Timeline(_Part):
    """What happened when: seconds since the load began, on both gateways at once."""

    phases: list[PhaseSpan]
    fault_s: float | None
    """when the fault was put in; 0 when it was there from the start, null when there was none"""
    healed_s: float | None
    """when it was taken out; null when it never was"""
    circuit: list[StateSpan]
    """the states of v2's circuit, without gaps"""
    end_s: float
    """when the last answers were waited for no longer"""


class Accounts(_Part):
    """What became of requests: scheduled = full + degraded + failed + unanswered + unsent."""

    scheduled: int
    """requests that were to start"""
    full: int
    """200, with product and recommendations"""
    degraded: int
    """200, with the product, without recommendations"""
    failed: int
    """any other answer, or a broken connection"""
    unanswered: int
    """started, and still waiting when the run ended"""
    unsent: int
    """never started: the generator had too many in flight (open load)"""


class Latency(_Part):
    """Time to the complete answer: from the start of the request (closed load) or its scheduled start (open load)."""

    count: int
    mean_ms: float
    p50_ms: float
    p90_ms: float
    p95_ms: float
    p99_ms: float
    p99_9_ms: float
    max_ms: float


class LatencyByOutcome(_Part):
    """Latency of all that was answered, and apart for each outcome; null where there was none."""

    answered: Latency | None
    full: Latency | None
    degraded: Latency | None
    failed: Latency | None


class RouteResult(_Part):
    """What a gateway did with the requests for one route that were scheduled in one phase."""

    accounts: Accounts
    good: int
    """answers with product information within good_within_s"""
    scheduled_per_s: float
    answered_per_s: float
    """full, degraded and failed, over the length of the phase"""
    goodput_per_s: float
    """good answers, over the length of the phase"""
    waiting_at_end: int
    """of these requests: had no answer yet when the phase ended (they may have got one later)"""
    latency: LatencyByOutcome


class BusyThreads(_Part):
    """Threads of the gateway that were serving a request, in each second, from its /metrics."""

    mean: float
    max: int
    no_answer_share: float
    """share of seconds in which /metrics gave no answer: no thread was free, so all were busy"""


class PhaseResult(_Part):
    """What a gateway did with the requests that were scheduled in one phase."""

    product_details: RouteResult
    """the pages that want recommendations"""
    catalogue: RouteResult
    """the pages that need none: the blast radius"""
    all_routes: RouteResult
    calls_to_recommendations: int | None
    """calls of this gateway that reached the recommendations service; null where it could not be read"""
    busy_threads: BusyThreads | None
    time_in_state_s: dict[str, float]
    """time that the circuit spent in each state; empty for v1, which has none"""


class Reaction(_Part):
    """How long until users were protected, and until all was well again; null: not while it was watched."""

    fault_to_open_s: float | None
    """fault put in, to circuit OPEN"""
    fault_to_first_fast_answer_s: float | None
    """fault put in, to the first good answer to a product page asked for after it"""
    heal_to_closed_s: float | None
    """fault taken out, to circuit CLOSED"""
    heal_to_first_full_answer_s: float | None
    """fault taken out, to the first full answer to a product page"""
    heal_to_normal_s: float | None
    """fault taken out, to the moment after which every product page was full and good"""


class Generator(_Part):
    """The process that made this gateway's load."""

    cpu_share_max: float
    """its busiest five seconds, as a share of one core: over 0.9 it may be what limits the load"""
    start_lag_p99_ms: float
    """how much later than intended requests started"""


class GatewayResult(_Part):
    """What one gateway did with the load."""

    whole_run: PhaseResult
    phases: dict[Phase, PhaseResult]
    """by the phase in which a request was scheduled"""
    reaction: Reaction
    refused_while_healthy: int
    """the price: degraded answers to pages asked for while recommendations were healthy, before or after the fault"""
    generator: Generator


class GatewaySeries(_Part):
    """What went on at one gateway in each second: the entry at index i covers second i to i + 1."""

    scheduled: list[int]
    full: list[int]
    """full answers that arrived in this second; degraded and failed alike"""
    degraded: list[int]
    failed: list[int]
    waiting: list[int]
    """requests without an answer at the end of this second"""
    calls_to_recommendations: list[int | None]
    """calls that reached the recommendations service in this second; null where it was not read"""
    busy_threads: list[int | None]
    """threads that were serving a request"""


class AccountCheck(_Part):
    """One count, made twice: by the one who asked, and by the service that was asked."""

    what: str
    caller: int
    """as the one who asked counted: the load generator, or a gateway"""
    service: int | None
    """as the one who was asked counted; null: it could not be read"""
    tolerance: int
    """requests that the caller gave up on, which the service may or may not have got to by then"""
    held: bool | None
    """caller <= service <= caller + tolerance; null where it could not be read"""


class Claim(_Part):
    """One statement that the run set out to show."""

    name: str
    measured: float | None
    """null: it never happened"""
    relation: Literal["=", "<=", ">="]
    threshold: float
    unit: str
    held: bool


class Spread(_Part):
    """One headline number over the runs of --repeat."""

    name: str
    gateway: str
    unit: str
    median: float | None
    """null where no run had it; min and max alike"""
    min: float | None
    max: float | None
    values: list[float | None]
    """one for each run, in their order"""


class Repeat(_Part):
    """What --repeat adds: the report itself is of the last run."""

    runs: list[str]
    """folders of the runs, beside this file"""
    claims_held: list[bool]
    """one for each run: whether all of its claims held"""
    spreads: list[Spread]


class Host(_Part):
    """The machine that everything ran on: the services, and the load."""

    cpus: int = Field(default_factory=lambda: os.cpu_count() or 1)
    system: str = Field(default_factory=platform.platform)
    python: str = Field(default_factory=platform.python_version)
    libraries: dict[str, str] = Field(default_factory=lambda: {name: version(name) for name in LIBRARIES})
    """version of each library"""


class Report(_Part):
    """One run."""

    schema_version: Literal[2] = VERSION
    started_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    complete: bool
    """false when it was interrupted"""
    experiment: Experiment
    timeline: Timeline
    gateways: dict[str, GatewayResult]
    """api-gateway-v1, api-gateway-v2"""
    series: dict[str, GatewaySeries]
    """for each gateway"""
    checks: list[AccountCheck]
    """the accounts of the load against those of the services"""
    claims: list[Claim]
    """empty when it was interrupted"""
    warnings: list[str]
    """what may make this run say less than it seems to"""
    requests_file: str
    """every request, in a gzipped CSV file beside this one"""
    repeat: Repeat | None = None
    """null but with --repeat"""
    host: Host = Field(default_factory=Host)

    @property
    def held(self) -> bool:
        """Whether every claim held."""
        return all(claim.held for claim in self.claims)

    def write(self, path: Path) -> None:
        """Write the report as JSON."""
        path.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_report(path: Path) -> Report:
    """Read a report from its JSON file.

    Raises:
        UsageError: there is none, it is of another version, or it is broken.
    """
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text)["schema_version"]
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError):
        raise UsageError(f"{path} is not a report: no JSON object with a schema_version") from None
    if found != VERSION:
        raise UsageError(f"{path} is a report of version {found}; this run_demo.py reads version {VERSION}")
    try:
        return Report.model_validate_json(text)
    except ValidationError as error:
        raise UsageError(f"{path} is a broken report: {first_problem(error)}") from None
