"""benchmark.json: every measurement. Units are in the names."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from experiment.results.model import Host, RouteResult

LIBRARIES = (
    "aiobreaker",
    "circuitbreaker",
    "flask",
    "gunicorn",
    "interlock-cb",
    "purgatory",
    "pybreaker",
    "requests",
    "urllib3",
)


class Spread(BaseModel):
    """Repeated measurements of one quantity."""

    minimum: float
    median: float
    maximum: float


class Cost(BaseModel):
    """The cost of one call of a function that does nothing, with everything that the caller needs around it."""

    peer: str
    closed_us: Spread
    closed_ratio: float  # of the medians, to pybreaker's call()
    refused_us: Spread | None  # OPEN; None for the bare function, which never refuses
    refused_ratio: float | None


class HalfOpen(BaseModel):
    """Callers that arrive together after the cooldown, while the first call is still slow, by outcome."""

    ran: int
    refused: int
    blocked: int  # waited for the first call without having begun
    background_probes: int  # calls made by the library itself


class Threads(BaseModel):
    """What a breaker does when several threads use it."""

    peer: str
    healthy_s: float  # until CALLERS simultaneous calls of HEALTHY_CALL_S seconds are all done
    half_open: HalfOpen


class LateResults(BaseModel):
    """What results do that arrive after the circuit has changed state."""

    peer: str
    success_while_open: str  # a success of a call begun before the trip
    failure_while_open: str  # a failure of a call begun before the trip
    failures_after_recovery: str  # failures of calls begun before the trip, after a probe has closed the circuit
    success_after_failed_probe: str  # two calls begun in HALF-OPEN: one has failed, then the other succeeds


class Healthy(BaseModel):
    """A gateway whose dependencies are healthy but take some time; each round starts a new load."""

    gateway: str
    product_s: float  # delay of the product service
    recommendations_s: float  # delay of the recommendations service
    connections: int  # each sends its next request as soon as it has an answer
    requests: int
    full_per_s: Spread  # answers with recommendations
    p50_ms: Spread
    degraded_share: float
    failed: int  # or unanswered
    cpu_ms_per_answer: float  # of the gateway's processes


class Moderate(BaseModel):
    """A healthy gateway whose requests arrive at random, whether or not earlier ones have been answered."""

    gateway: str
    rate_per_s: float
    load: RouteResult


class NeededHangs(BaseModel):
    """v2 while the product service, which it needs, hangs."""

    users: int  # each pauses 1 to 2 s after its answer
    fault_to_open_s: float
    load: RouteResult  # of the requests that arrived once the circuit was OPEN: refused at once
    health_slowest_ms: float  # GET /health, again and again from the fault on


class Hanging(BaseModel):
    """A gateway whose recommendations hang. A request still unanswered at the end counts with its wait so far."""

    gateway: str
    users: int  # each pauses 1 to 2 s after its answer
    duration_s: float
    load: RouteResult
    calls: int  # that reached the recommendations service


class OneConnection(BaseModel):
    """One request after the other on one connection: to the product service, and to v2 with its circuit OPEN."""

    product_p50_ms: Spread
    open_p50_ms: Spread
    ratio: Spread  # of the two, round by round


class Recorder(BaseModel):
    """What it costs the load generator to log a request."""

    write_us: Spread  # both lines of one request
    request_us: Spread  # all of the generator's CPU time for one request, these lines included
    share: Spread  # of the two, round by round


class Observing(BaseModel):
    """v2 with its circuit OPEN, with its metrics and its log and without both."""

    with_per_s: Spread  # answers
    without_per_s: Spread
    lost_share: Spread  # of the throughput without both, round by round
    with_cpu_ms: float  # of the gateway, for one answer
    without_cpu_ms: float


class HoldingClients(BaseModel):
    """Product pages of v2, alone and beside clients that hold connections and send nothing, or a byte at a time."""

    silent: int
    slow_heads: int
    slow_bodies: int
    alone: RouteResult
    beside_them: RouteResult


class FalseAlarms(BaseModel):
    """What one breaker did in one scenario: little or nothing is wrong with the dependency, or everything is."""

    scenario: str
    peer: str
    opened: int  # how often the circuit opened
    good_refused_share: float | None  # of the calls that would have been answered well; None: there were none
    first_open_s: float | None  # from the fault to the first OPEN
    sick_calls: int  # calls to the dependency that failed or were late


class ReactionRound(BaseModel):
    """One fault and one recovery of v2's circuit under load; the circuit is polled every few milliseconds."""

    slow_call_s: float
    cooldown_s: float
    fault_to_open_s: float  # from the request that injects the hang; three calls must then arrive and become slow
    open_to_closed_s: float  # the dependency heals at once: the cooldown and one probe


class Benchmark(BaseModel):
    """One run of everything."""

    schema_version: Literal[1] = 1
    started_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    quick: bool
    costs: list[Cost]
    threads: list[Threads]
    late_results: list[LateResults]
    false_alarms: list[FalseAlarms]
    healthy: list[Healthy]
    moderate: list[Moderate]
    hanging: list[Hanging]
    needed_hangs: NeededHangs
    reactions: list[ReactionRound]
    one_connection: OneConnection
    recorder: Recorder
    observing: Observing
    holding_clients: HoldingClients
    host: Host = Field(default_factory=lambda: Host(libraries={name: version(name) for name in LIBRARIES}))

    def write(self, path: Path) -> None:
        """Write the results as JSON."""
        path.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
