"""benchmark.json: all that was measured. Units are in the names."""

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
    """Several measurements of the same thing."""

    minimum: float
    median: float
    maximum: float


class Cost(BaseModel):
    """What one call of a function that does nothing takes, with everything that the caller needs around it."""

    peer: str
    closed_us: Spread
    closed_ratio: float  # of the medians, to pybreaker's call()
    refused_us: Spread | None  # OPEN; None for the bare function, which never refuses
    refused_ratio: float | None


class HalfOpen(BaseModel):
    """What became of callers that arrive together after the cooldown, while the first call is still slow."""

    ran: int
    refused: int
    blocked: int  # neither: they wait for the first call without having begun
    background_probes: int  # calls by the library itself: none of the callers'


class Threads(BaseModel):
    """What a breaker does when several threads use it."""

    peer: str
    healthy_s: float  # until CALLERS calls of HEALTHY_CALL_S seconds, made at the same time, are all done
    half_open: HalfOpen


class LateResults(BaseModel):
    """What a result does that arrives after the circuit has changed its state."""

    peer: str
    success_while_open: str  # a success of a call begun before the trip
    failure_while_open: str  # a failure of a call begun before the trip
    failures_after_recovery: str  # failures of calls begun before the trip, after a probe has closed the circuit
    success_after_failed_probe: str  # two calls begun in HALF-OPEN: one has failed, then the other succeeds


class Healthy(BaseModel):
    """A gateway whose dependencies are well but take their time; every round with a new load."""

    gateway: str
    product_s: float  # what the product service waits before it answers
    recommendations_s: float  # likewise
    connections: int  # each asks again as soon as it has its answer
    requests: int
    full_per_s: Spread  # answers with recommendations
    p50_ms: Spread
    degraded_share: float
    failed: int  # or unanswered
    cpu_ms_per_answer: float  # of the gateway's processes


class Hanging(BaseModel):
    """A gateway whose recommendations hang. A request still unanswered at the end counts with its wait so far."""

    gateway: str
    users: int  # each pauses 1 to 2 s after its answer
    duration_s: float
    load: RouteResult


class OneConnection(BaseModel):
    """One request after the other on one connection: to the product service, and to v2 with its circuit OPEN."""

    product_p50_ms: Spread
    open_p50_ms: Spread
    ratio: Spread  # of the two, round by round


class Recorder(BaseModel):
    """What it costs the load generator to write a request down."""

    write_us: Spread  # both lines of one request
    request_us: Spread  # all processor time that the generator needs for one request, these lines included
    share: Spread  # of the two, round by round


class ReactionRound(BaseModel):
    """One fault and one recovery of v2's circuit, under load; the circuit is looked at every few milliseconds."""

    slow_call_s: float
    cooldown_s: float
    fault_to_open_s: float  # from the order to hang; three calls must then arrive, and be slow
    open_to_closed_s: float  # with the dependency healed at once: the cooldown and one probe


class Benchmark(BaseModel):
    """One run of everything."""

    schema_version: Literal[1] = 1
    started_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    quick: bool
    costs: list[Cost]
    threads: list[Threads]
    late_results: list[LateResults]
    healthy: list[Healthy]
    hanging: list[Hanging]
    reactions: list[ReactionRound]
    one_connection: OneConnection
    recorder: Recorder
    host: Host = Field(default_factory=lambda: Host(libraries={name: version(name) for name in LIBRARIES}))

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
