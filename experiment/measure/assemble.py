"""The report of a run, put together from what the run recorded."""

from collections.abc import Mapping, Sequence

from experiment.measure.checks import checks
from experiment.measure.circuit import circuits_of, last_statuses
from experiment.measure.claims import Judge
from experiment.measure.conditions import conditions
from experiment.measure.fault_window import degraded_share_before_fault, served_in_fault
from experiment.measure.gateway import GatewayMeasurement
from experiment.measure.nature import nature_of
from experiment.measure.replicas import replicas_of
from experiment.measure.series import Counter
from experiment.measure.warnings import warnings_of
from experiment.results.model import (
    Claim,
    GatewayResult,
    GatewaySeries,
    PhaseSpan,
    Report,
    StateSpan,
    Timeline,
)
from experiment.results.requests_file import RequestRow
from experiment.run.runner import Recording
from experiment.run.timeline import Story
from experiment.run.watch import WAITING
from experiment.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS, Service

REQUESTS_FILE = "requests.csv.gz"

Rows = Mapping[Service, Sequence[RequestRow]]


def assemble(recording: Recording, rows: Rows) -> Report:
    """Return the report of a run; `rows` are its requests, from `rows.requests_of`."""
    circuits = circuits_of(recording)
    experiment = conditions(recording, next(iter(last_statuses(recording).values()), None))
    measured = {
        gateway: _measure(recording, gateway, rows[gateway], list(circuits.values()) if gateway is GATEWAY_V2 else [])
        for gateway in GATEWAYS
    }
    results = {gateway: result for gateway, (result, _) in measured.items()}
    compared = checks(recording.ledger, rows, recording.faults)
    report = Report(
        started_at=recording.started_at,
        complete=recording.complete,
        experiment=experiment,
        timeline=_timeline(recording.story, circuits.get(GATEWAY_V2, [])),
        gateways={gateway.name: result for gateway, result in results.items()},
        replicas=replicas_of(recording, circuits),
        series={gateway.name: series for gateway, (_, series) in measured.items()},
        queue=_queue(recording),
        checks=compared,
        claims=[],
        warnings=warnings_of(experiment, results, compared, recording.wall_clocks.differences_s()),
        requests_file=REQUESTS_FILE,
    )
    return report.model_copy(update={"claims": _claims(report, rows, recording.story)} if recording.complete else {})


def _measure(
    recording: Recording, gateway: Service, rows: Sequence[RequestRow], circuits: Sequence[Sequence[StateSpan]]
) -> tuple[GatewayResult, GatewaySeries]:
    """Return the results of a gateway; its rows are in memory only meanwhile."""
    measurement = GatewayMeasurement(recording, gateway, list(rows), circuits)
    return measurement.result(), measurement.series()


def _queue(recording: Recording) -> list[int | None]:
    samples = recording.watch.recommendations.samples
    return Counter.of(samples, WAITING, recording.clock).values(recording.story.ends_s)


def _timeline(story: Story, circuit: list[StateSpan]) -> Timeline:
    return Timeline(
        phases=[
            PhaseSpan(phase=phase, from_s=round(from_s, 3), to_s=round(to_s, 3))
            for phase, (from_s, to_s) in story.spans().items()
        ],
        fault_s=round(story.fault.ordered_s, 3) if story.fault else None,
        healed_s=round(story.heal.ordered_s, 3) if story.heal else None,
        circuit=circuit,
        end_s=round(story.ends_s, 3),
    )


def _claims(report: Report, rows: Rows, story: Story) -> list[Claim]:
    """Return the claims; none where the guard's settings could not be read, since the thresholds come from them."""
    experiment = report.experiment
    if experiment.guard is None:
        return []
    judge = Judge(
        experiment=experiment,
        guard=experiment.guard,
        nature=nature_of((f.spec for f in experiment.faults), experiment.guard, experiment.good_within_s),
        v1=report.gateways[GATEWAY_V1.name],
        v2=report.gateways[GATEWAY_V2.name],
        replicas=list(report.replicas.values()),
        checks=report.checks,
        served_by_v1=served_in_fault(rows[GATEWAY_V1], story),
        refused_before_fault=degraded_share_before_fault(rows[GATEWAY_V2], story),
    )
    return judge.claims()
