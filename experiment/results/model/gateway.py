"""What one gateway did with the load."""

from pydantic import Field

from experiment.phases import Phase
from experiment.results.model.part import Part
from experiment.results.model.route import RouteResult


class BusyThreads(Part):
    """Threads of the gateway that were serving a request, in each second, from its /metrics."""

    mean: float
    max: int
    no_answer_share: float
    """share of seconds in which /metrics gave no answer: no thread was free, so all were busy"""


class PhaseResult(Part):
    """What a gateway did with the requests that were scheduled in one phase."""

    product_details: RouteResult
    """the pages that want recommendations"""
    catalogue: RouteResult
    """the pages that need none: the blast radius"""
    all_routes: RouteResult
    calls_to_recommendations: int | None
    """calls of this gateway that reached the recommendations service; null where it could not be read"""
    useless_work: int | None
    """calls that recommendations worked on although this gateway had left; null where they could not be read"""
    busy_threads: BusyThreads | None
    time_in_state_s: dict[str, float]
    """time that the circuit spent in each state; empty for v1, which has none"""


class Reaction(Part):
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


class LoadWorker(Part):
    """One of Locust's workers, which made a part of a gateway's load."""

    number: int
    """from 1"""
    requests: int
    """requests that it made, or could not start"""
    cpu_share_max: float
    """its busiest five seconds, as a share of one core"""
    clock_ahead_ms: float
    """its clock against that of the master, by which the times of its requests were corrected; each starts anywhere"""
    clock_error_ms: float
    """how wrong that can be, drift included: the times of two workers' requests compare with this error"""


class GeneratorHealth(Part):
    """The process that made this gateway's load, or the processes."""

    cpu_share_max: float
    """the busiest five seconds of a process, as a share of one core: over 0.9 it may be what limits the load"""
    start_lag_p99_ms: float
    """how much later than intended requests started"""
    workers: list[LoadWorker] = Field(default_factory=list)
    """empty where one process made the load"""


class GatewayResult(Part):
    """What one gateway did with the load."""

    whole_run: PhaseResult
    phases: dict[Phase, PhaseResult]
    """by the phase in which a request was scheduled"""
    reaction: Reaction
    refused_while_healthy: int
    """the price: degraded answers to pages asked for while recommendations were healthy, before or after the fault"""
    generator: GeneratorHealth


class GatewaySeries(Part):
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
    useless_work: list[int | None]
    """calls that recommendations finished in this second although this gateway had left"""
    busy_threads: list[int | None]
    """threads that were serving a request"""
