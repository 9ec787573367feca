"""The conditions of a run: what was asked for, and how the gateways were set."""

from typing import Any, Literal, cast

from experiment.measure.expected import expected_requests
from experiment.measure.summary import GOOD_WITHIN_S
from experiment.plan import Open, Plan
from experiment.results.model import ClosedLoad, Experiment, GuardSettings, InjectedFault, OpenLoad
from experiment.run.counts import Ledger
from experiment.run.runner import Recording
from experiment.services import GATEWAYS, Service
from load.in_flight import IN_FLIGHT_MAX
from load.visits import CATALOGUE_SHARE
from shopkit.faults.spec import spec_of


def conditions(recording: Recording, circuit: dict[str, Any] | None) -> Experiment:
    """Return the conditions of a run; `circuit` is v2's /circuit-status, None where it could not be read."""
    return Experiment(
        engine=cast(Literal["local", "docker"], recording.engine),
        phases_s=recording.plan.phases_s,
        faults=[
            InjectedFault(service=service.name, kind=fault.kind, spec=spec_of(service.name, fault))
            for service, fault in recording.faults.items()
        ],
        load=_load(recording.plan),
        catalogue_share=CATALOGUE_SHARE,
        seed=recording.plan.seed,
        good_within_s=GOOD_WITHIN_S,
        guard=_guard(circuit) if circuit else None,
        threads={gateway.name: threads_of(gateway, recording.ledger) for gateway in GATEWAYS},
    )


def threads_of(gateway: Service, ledger: Ledger) -> int:
    """Return how many threads a gateway has; 0 where it did not say."""
    return ledger.before.total(gateway, "http_threads") or 0


def _load(plan: Plan) -> ClosedLoad | OpenLoad:
    load = plan.load
    if isinstance(load, Open):
        return OpenLoad(arrival_rate_per_s=load.arrival_rate_per_s, in_flight_max=IN_FLIGHT_MAX)
    ceiling_per_s = expected_requests(load, plan.duration_s) / plan.duration_s
    return ClosedLoad(
        users=load.users, pause_s=load.pause_s, ramp_per_s=load.ramp_per_s, ceiling_per_s=round(ceiling_per_s, 2)
    )


def _guard(circuit: dict[str, Any]) -> GuardSettings:
    names = ("fail_max", "failure_rate", "slow_call_rate", "reset_timeout_s", "deadline_s", "patience_s", "slow_call_s")
    settings = {name: circuit[name] for name in names}
    bulkhead = {f"bulkhead_{name}": circuit["bulkhead"][name] for name in ("max_concurrent", "overdue_after_s")}
    return GuardSettings(**settings, **bulkhead)
