"""The headline numbers of a run: the same list for the terminal, the page, `diff` and `--repeat`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from experiment.phases import Phase
from experiment.results.model import Latency, PhaseResult, Reaction, Report, RouteResult
from report.focus import catalogue_in, has_requests, pages_in
from report.quantities import quantity

RouteIn = Callable[..., RouteResult | None]
NO_ANSWER, NEVER, UNKNOWN = "no answer", "never", "not known"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number that every run can give for each gateway."""

    name: str
    unit: str  # as report.quantities knows it
    better: Literal["lower", "higher"]
    value: Callable[[Report, str], float | None]  # takes the report and a gateway's name
    phase: Phase | None = Phase.FAULT  # a run without this phase has no such number; None: every run has it
    missing: str = UNKNOWN  # shown where there is no value

    def text(self, value: float | None) -> str:
        """Return a value as people read it."""
        return self.missing if value is None else quantity(value, self.unit)


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric with its value at each gateway."""

    metric: Metric
    values: dict[str, float | None]

    def text(self, gateway: str) -> str:
        """Return the value of one gateway as people read it."""
        return self.metric.text(self.values[gateway])


def headline(report: Report) -> list[Measured]:
    """Return every headline number that this run can give."""
    return [
        Measured(metric, {gateway: metric.value(report, gateway) for gateway in report.gateways})
        for metric in METRICS
        if metric.phase is None or has_requests(report, metric.phase)
    ]


def good_share(route: RouteResult | None) -> float | None:
    """Return the share of requests that were answered with product information in time."""
    return route.good / route.accounts.scheduled if route else None


def _route(route_in: RouteIn, value: Callable[[RouteResult], float | None]) -> Callable[[Report, str], float | None]:
    def find(report: Report, gateway: str) -> float | None:
        route = route_in(report.gateways[gateway], Phase.FAULT)
        return value(route) if route else None

    return find


def _latency(route_in: RouteIn, field: str, answered_share: float = 0.0) -> Callable[[Report, str], float | None]:
    """Return a latency; None if fewer requests were answered than it describes, as a median needs half of them."""

    def value(route: RouteResult) -> float | None:
        answered: Latency | None = route.latency.answered
        enough = answered and answered.count >= answered_share * route.accounts.scheduled
        return getattr(answered, field) if enough else None

    return _route(route_in, value)


def _fault(value: Callable[[PhaseResult], float | None]) -> Callable[[Report, str], float | None]:
    def find(report: Report, gateway: str) -> float | None:
        phase = report.gateways[gateway].phases.get(Phase.FAULT)
        return value(phase) if phase else None

    return find


def _reaction(value: Callable[[Reaction], float | None]) -> Callable[[Report, str], float | None]:
    return lambda report, gateway: value(report.gateways[gateway].reaction)


def _lost_share(route: RouteResult) -> float:
    accounts = route.accounts
    return (accounts.failed + accounts.unanswered + accounts.unsent) / accounts.scheduled


def _most_busy(phase: PhaseResult) -> int | None:
    return phase.busy_threads.max if phase.busy_threads else None


METRICS = (
    Metric("Product pages served in time, in the fault", "share", "higher", _route(pages_in, good_share)),
    Metric(
        "Average response time of the answers, in the fault",
        "ms",
        "lower",
        _latency(pages_in, "mean_ms"),
        missing=NO_ANSWER,
    ),
    Metric(
        "Failure rate, in the fault (failed, unanswered or unsent)", "share", "lower", _route(pages_in, _lost_share)
    ),
    Metric("Requests answered per second, in the fault", "/s", "higher", _fault(lambda p: p.all_routes.answered_per_s)),
    Metric("Product pages in the fault: median", "ms", "lower", _latency(pages_in, "p50_ms", 0.5), missing=NO_ANSWER),
    Metric("Product pages in the fault: p99", "ms", "lower", _latency(pages_in, "p99_ms", 0.99), missing=NO_ANSWER),
    Metric("Product pages in the fault: slowest", "ms", "lower", _latency(pages_in, "max_ms", 1), missing=NO_ANSWER),
    Metric("Catalogue served in time, in the fault", "share", "higher", _route(catalogue_in, good_share)),
    Metric("Catalogue in the fault: p99", "ms", "lower", _latency(catalogue_in, "p99_ms", 0.99), missing=NO_ANSWER),
    Metric(
        "Calls to recommendations, in the fault",
        "calls",
        "lower",
        _fault(lambda p: p.calls_to_recommendations),
    ),
    Metric("Useless work of recommendations, in the fault", "calls", "lower", _fault(lambda p: p.useless_work)),
    Metric(
        "Most threads busy, in the fault",
        "threads",
        "lower",
        _fault(_most_busy),
    ),
    Metric("Fault to circuit OPEN", "s", "lower", _reaction(lambda r: r.fault_to_open_s), missing=NEVER),
    Metric(
        "Fault to first fast answer", "s", "lower", _reaction(lambda r: r.fault_to_first_fast_answer_s), missing=NEVER
    ),
    Metric(
        "Healed to circuit CLOSED",
        "s",
        "lower",
        _reaction(lambda r: r.heal_to_closed_s),
        Phase.RECOVERY,
        NEVER,
    ),
    Metric(
        "Healed to first full answer",
        "s",
        "lower",
        _reaction(lambda r: r.heal_to_first_full_answer_s),
        Phase.RECOVERY,
        NEVER,
    ),
    Metric("Healed to all normal", "s", "lower", _reaction(lambda r: r.heal_to_normal_s), Phase.RECOVERY, NEVER),
    Metric(
        "Degraded outside the fault",
        "pages",
        "lower",
        lambda report, gateway: report.gateways[gateway].refused_while_healthy,
        phase=Phase.HEALTHY,
    ),
)
