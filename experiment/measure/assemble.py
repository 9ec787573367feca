"""The report of a run, put together from what the run has recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Any, Literal, cast

from experiment.measure.accounts import checks
from experiment.measure.circuit import state_spans, time_in_state_s
from experiment.measure.claims import Judge
from experiment.measure.expected import expected_requests
from experiment.measure.reaction import reaction
from experiment.measure.rows import rows_of
from experiment.measure.series import busy_per_second, busy_threads, calls_per_second, series_of
from experiment.measure.summary import GOOD_WITHIN_S, is_good, of_route, percentile, summarize
from experiment.measure.warnings import warnings_of
from experiment.phases import Phase
from experiment.plan import Open
from experiment.results.model import (
    AccountCheck,
    Claim,
    ClosedLoad,
    Experiment,
    GatewayResult,
    GatewaySeries,
    Generator,
    Guard,
    OpenLoad,
    PhaseResult,
    PhaseSpan,
    Report,
    StateSpan,
    Timeline,
)
from experiment.results.requests_file import RequestRow
from experiment.run.runner import FAULT, Recording
from experiment.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS, Service
from load.in_flight import IN_FLIGHT_MAX
from load.outcomes import Outcome, Route
from load.visits import CATALOGUE_SHARE

REQUESTS_FILE = "requests.csv.gz"


@dataclass(frozen=True)
class Assembly:
    """Everything that the report says, each part worked out once."""

    recording: Recording

    def report(self) -> Report:
        """Return the report."""
        results = {gateway: self._result(gateway) for gateway in GATEWAYS}
        return Report(
            started_at=self.recording.started_at,
            complete=self.recording.complete,
            experiment=self._experiment,
            timeline=self._timeline,
            gateways={gateway.name: result for gateway, result in results.items()},
            series={gateway.name: self._series(gateway) for gateway in GATEWAYS},
            checks=self._checks,
            claims=self._claims(results),
            warnings=warnings_of(self._experiment, results, self._checks),
            requests_file=REQUESTS_FILE,
        )

    @cached_property
    def rows(self) -> dict[Service, list[RequestRow]]:
        """The requests of each gateway."""
        recording = self.recording
        return {
            gateway: rows_of(
                log.requests.values(), gateway.name, recording.clock, recording.story, open_load=self._is_open
            )
            for gateway, log in recording.logs.items()
        }

    @cached_property
    def _checks(self) -> list[AccountCheck]:
        return checks(self.recording.ledger, self.rows)

    @property
    def _is_open(self) -> bool:
        return isinstance(self.recording.plan.load, Open)

    @property
    def _circuit_now(self) -> dict[str, Any] | None:
        """The last /circuit-status that could be read."""
        after = self.recording.ledger.after
        return (after.circuit if after else None) or self.recording.watch.circuit.latest

    @cached_property
    def _spans(self) -> list[StateSpan]:
        status = self._circuit_now
        if status is None:
            return []
        transitions = [*self.recording.watch.transitions(), *status["transitions"]]
        in_order = list({(t["at"], t["to"]): t for t in transitions}.values())
        return state_spans(in_order, status["state"], self.recording.clock, self.recording.story.ends_s)

    @cached_property
    def _experiment(self) -> Experiment:
        plan = self.recording.plan
        return Experiment(
            engine=cast(Literal["local", "docker"], self.recording.engine),
            phases_s=plan.phases_s,
            fault=FAULT,
            load=self._load,
            catalogue_share=CATALOGUE_SHARE,
            seed=plan.seed,
            good_within_s=GOOD_WITHIN_S,
            guard=_guard(self._circuit_now),
            threads={gateway.name: self._threads(gateway) for gateway in GATEWAYS},
        )

    @property
    def _load(self) -> ClosedLoad | OpenLoad:
        load, duration_s = self.recording.plan.load, self.recording.plan.duration_s
        if isinstance(load, Open):
            return OpenLoad(arrival_rate_per_s=load.arrival_rate_per_s, in_flight_max=IN_FLIGHT_MAX)
        ceiling_per_s = expected_requests(load, duration_s) / duration_s
        return ClosedLoad(
            users=load.users, pause_s=load.pause_s, ramp_per_s=load.ramp_per_s, ceiling_per_s=round(ceiling_per_s, 2)
        )

    @property
    def _timeline(self) -> Timeline:
        story = self.recording.story
        return Timeline(
            phases=[
                PhaseSpan(phase=phase, from_s=round(from_s, 3), to_s=round(to_s, 3))
                for phase, (from_s, to_s) in story.spans().items()
            ],
            fault_s=round(story.fault.ordered_s, 3) if story.fault else None,
            healed_s=round(story.heal.ordered_s, 3) if story.heal else None,
            circuit=self._spans,
            end_s=round(story.ends_s, 3),
        )

    def _threads(self, gateway: Service) -> int:
        return self.recording.ledger.before.total(gateway, "http_threads") or 0

    def _result(self, gateway: Service) -> GatewayResult:
        rows = self.rows[gateway]
        story = self.recording.story
        pages = of_route(rows, Route.PRODUCT_DETAILS)
        lags_ms = sorted((row.started_s - row.intended_s) * 1000 for row in rows if row.started_s is not None)
        return GatewayResult(
            whole_run=self._phase_result(gateway, rows, 0.0, story.load_ends_s, None),
            phases={
                phase: self._phase_result(gateway, [row for row in rows if row.phase is phase], from_s, to_s, phase)
                for phase, (from_s, to_s) in story.spans().items()
            },
            reaction=reaction(pages, story, self._circuit_of(gateway)),
            refused_while_healthy=sum(
                row.outcome is Outcome.DEGRADED and (row.phase is Phase.RECOVERY or self._before_fault(row))
                for row in rows
            ),
            generator=Generator(
                cpu_share_max=round(self.recording.generators[gateway].cpu.share_max, 3),
                start_lag_p99_ms=round(percentile(lags_ms, 99), 2) if lags_ms else 0.0,
            ),
        )

    @property
    def _served_by_v1(self) -> int:
        """Return how many product pages v1 served in time that were asked for, and answered, while the fault lasted."""
        heal = self.recording.story.heal
        fault_ends_s = heal.ordered_s if heal else self.recording.story.ends_s
        pages = of_route(self.rows[GATEWAY_V1], Route.PRODUCT_DETAILS)
        in_fault = (p for p in pages if p.phase is Phase.FAULT and p.ended_s is not None and p.ended_s <= fault_ends_s)
        return sum(map(is_good, in_fault))

    @property
    def _refused_before_fault(self) -> float:
        """Return the share of v2's product pages before the fault that were degraded."""
        pages = of_route(filter(self._before_fault, self.rows[GATEWAY_V2]), Route.PRODUCT_DETAILS)
        return round(fmean(page.outcome is Outcome.DEGRADED for page in pages), 4) if pages else 0.0

    def _before_fault(self, row: RequestRow) -> bool:
        """Return whether a request had ended before there was a fault to meet."""
        fault = self.recording.story.fault
        return fault is None or (row.ended_s is not None and row.ended_s < fault.ordered_s)

    def _phase_result(
        self, gateway: Service, rows: Sequence[RequestRow], from_s: float, to_s: float, phase: Phase | None
    ) -> PhaseResult:
        ledger = self.recording.ledger
        busy, stuck = self._busy(gateway)
        return PhaseResult(
            product_details=summarize(of_route(rows, Route.PRODUCT_DETAILS), from_s, to_s),
            catalogue=summarize(of_route(rows, Route.CATALOGUE), from_s, to_s),
            all_routes=summarize(rows, from_s, to_s),
            calls_to_recommendations=ledger.calls_in(phase, gateway) if phase else ledger.calls(gateway),
            busy_threads=busy_threads(busy, stuck, from_s, to_s),
            time_in_state_s=time_in_state_s(self._circuit_of(gateway), from_s, to_s),
        )

    def _circuit_of(self, gateway: Service) -> list[StateSpan]:
        return self._spans if gateway is GATEWAY_V2 else []

    def _busy(self, gateway: Service) -> tuple[list[int | None], list[bool]]:
        recording = self.recording
        samples = recording.watch.gateways[gateway].samples
        return busy_per_second(samples, self._threads(gateway), recording.clock, recording.story.ends_s)

    def _series(self, gateway: Service) -> GatewaySeries:
        recording = self.recording
        ends_s = recording.story.ends_s
        calls = calls_per_second(recording.watch.recommendations.samples, gateway.name, recording.clock, ends_s)
        return series_of(self.rows[gateway], calls, self._busy(gateway)[0], ends_s)

    def _claims(self, results: dict[Service, GatewayResult]) -> list[Claim]:
        guard = self._experiment.guard
        if not self.recording.complete or guard is None:
            return []
        judge = Judge(
            experiment=self._experiment,
            guard=guard,
            v1=results[GATEWAY_V1],
            v2=results[GATEWAY_V2],
            checks=self._checks,
            served_by_v1=self._served_by_v1,
            refused_before_fault=self._refused_before_fault,
        )
        return judge.claims()


def _guard(circuit: dict[str, Any] | None) -> Guard | None:
    if circuit is None:
        return None
    names = ("fail_max", "failure_rate", "reset_timeout_s", "deadline_s", "slow_call_s")
    settings = {name: circuit[name] for name in names}
    return Guard(**settings, bulkhead_max_concurrent=circuit["bulkhead"]["max_concurrent"])
