"""comparison_report.json: all that a run measured. Units are in the names; docs/report.md lists every field."""

from experiment.results.model.claims import AccountCheck, Claim
from experiment.results.model.conditions import ClosedLoad, Experiment, GuardSettings, InjectedFault, OpenLoad
from experiment.results.model.gateway import (
    BusyThreads,
    GatewayResult,
    GatewaySeries,
    GeneratorHealth,
    LoadWorker,
    PhaseResult,
    Reaction,
)
from experiment.results.model.host import Host
from experiment.results.model.repeat import MetricSpread, Repeat
from experiment.results.model.report import Report, read_report
from experiment.results.model.route import Accounts, Latency, LatencyByOutcome, RouteResult
from experiment.results.model.timeline import PhaseSpan, StateSpan, Timeline

__all__ = [
    "AccountCheck",
    "Accounts",
    "BusyThreads",
    "Claim",
    "ClosedLoad",
    "Experiment",
    "GatewayResult",
    "GatewaySeries",
    "GeneratorHealth",
    "GuardSettings",
    "Host",
    "InjectedFault",
    "Latency",
    "LatencyByOutcome",
    "LoadWorker",
    "MetricSpread",
    "OpenLoad",
    "PhaseResult",
    "PhaseSpan",
    "Reaction",
    "Repeat",
    "Report",
    "RouteResult",
    "StateSpan",
    "Timeline",
    "read_report",
]
