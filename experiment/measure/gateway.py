"""What one gateway did with the load: in the whole run, in each phase, and in each second."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from experiment.measure.circuit import time_in_state_s
from experiment.measure.conditions import threads_of
from experiment.measure.fault_window import degraded_while_healthy
from experiment.measure.reaction import reaction
from experiment.measure.series import Counter, busy_per_second, busy_threads, series_of
from experiment.measure.summary import of_route, percentile, summarize
from experiment.phases import Phase
from experiment.results.model import GatewayResult, GatewaySeries, GeneratorHealth, LoadWorker, PhaseResult, StateSpan
from experiment.results.requests_file import RequestRow
from experiment.run.runner import Recording
from experiment.run.watch import useless
from experiment.services import Service
from load.outcomes import Route


@dataclass(frozen=True)
class GatewayMeasurement:
    """One gateway's part of a recording."""

    recording: Recording
    gateway: Service
    rows: Sequence[RequestRow]
    circuit: Sequence[StateSpan]  # empty for a gateway that has none

    def result(self) -> GatewayResult:
        """Return the results, by the phase in which a request was scheduled."""
        story = self.recording.story
        return GatewayResult(
            whole_run=self._phase_result(None, 0.0, story.load_ends_s),
            phases={phase: self._phase_result(phase, *span) for phase, span in story.spans().items()},
            reaction=reaction(of_route(self.rows, Route.PRODUCT_DETAILS), story, self.circuit),
            refused_while_healthy=degraded_while_healthy(self.rows, story),
            generator=self._generator(),
        )

    def series(self) -> GatewaySeries:
        """Return the counts of each second."""
        ends_s = self.recording.story.ends_s
        calls = self._counter(self.gateway.name).per_second(ends_s)
        useless_work = self._counter(useless(self.gateway.name)).per_second(ends_s)
        return series_of(self.rows, calls, useless_work, self._busy[0], ends_s)

    def _phase_result(self, phase: Phase | None, from_s: float, to_s: float) -> PhaseResult:
        """Return the results of a phase; None: of the whole run."""
        ledger = self.recording.ledger
        rows = [row for row in self.rows if phase is None or row.phase is phase]
        return PhaseResult(
            product_details=summarize(of_route(rows, Route.PRODUCT_DETAILS), from_s, to_s),
            catalogue=summarize(of_route(rows, Route.CATALOGUE), from_s, to_s),
            all_routes=summarize(rows, from_s, to_s),
            calls_to_recommendations=ledger.calls_in(phase, self.gateway) if phase else ledger.calls(self.gateway),
            useless_work=self._counter(useless(self.gateway.name)).rise(from_s, to_s),
            busy_threads=busy_threads(*self._busy, from_s, to_s),
            time_in_state_s=time_in_state_s(self.circuit, from_s, to_s),
        )

    def _counter(self, what: str) -> Counter:
        return Counter.of(self.recording.watch.recommendations.samples, what, self.recording.clock)

    def _generator(self) -> GeneratorHealth:
        lags_ms = sorted((row.started_s - row.intended_s) * 1000 for row in self.rows if row.started_s is not None)
        log = self.recording.logs[self.gateway]
        cpu_shares = [state.cpu_share_max for state in log.workers.values()]
        return GeneratorHealth(
            cpu_share_max=round(max(self.recording.generators[self.gateway].cpu.share_max, *cpu_shares, 0.0), 3),
            start_lag_p99_ms=round(percentile(lags_ms, 99), 2) if lags_ms else 0.0,
            workers=[
                LoadWorker(
                    number=number + 1,
                    requests=log.requests.count_of(number),
                    cpu_share_max=round(state.cpu_share_max, 3),
                    clock_ahead_ms=round(state.clock.ahead_s * 1000, 3),
                    clock_error_ms=round(state.clock.error_s * 1000, 3),
                )
                for number, state in sorted(log.workers.items())
            ],
        )

    @cached_property
    def _busy(self) -> tuple[list[int | None], list[bool]]:
        recording = self.recording
        samples = recording.watch.gateways[self.gateway].samples
        return busy_per_second(
            samples, threads_of(self.gateway, recording.ledger), recording.clock, recording.story.ends_s
        )
