"""The conditions of a run: its settings and its machine."""

from experiment.results.model import ClosedLoad, GuardSettings, OpenLoad, Report
from report.quantities import number, seconds, share


def conditions(report: Report) -> dict[str, str]:
    """Return every setting of the run, by its name."""
    experiment, host = report.experiment, report.host
    return {
        "Started": f"{report.started_at:%Y-%m-%d %H:%M:%S %Z}",
        "Phases": ", ".join(f"{phase} {seconds(length)}" for phase, length in experiment.phases_s.items()),
        "Fault": "; ".join(fault.spec for fault in experiment.faults) or "none",
        "Load": _load(experiment.load),
        "Catalogue": f"{share(experiment.catalogue_share)} of the requests",
        "In time": f"product information within {seconds(experiment.good_within_s)}",
        "Threads": ", ".join(f"{gateway} {threads}" for gateway, threads in experiment.threads.items()),
        "Guard of v2": _guard(experiment.guard),
        "Seed": str(experiment.seed),
        "Engine": {"local": "processes on this machine", "docker": "containers on this machine"}[experiment.engine],
        "Machine": f"{host.cpus} CPUs, {host.system}, Python {host.python}",
        "Libraries": ", ".join(f"{name} {version}" for name, version in host.libraries.items()),
    }


def _load(load: ClosedLoad | OpenLoad) -> str:
    if isinstance(load, OpenLoad):
        rate = number(load.arrival_rate_per_s)
        return f"open: {rate} requests/s start at each gateway whatever happens, at most {load.in_flight_max} in flight"
    low, high = load.pause_s
    ramp = f", {load.ramp_per_s} more each second" if load.ramp_per_s else ""
    return (
        f"closed: {load.users} users at each gateway{ramp}, who pause {number(low)} to {seconds(high)} "
        f"after each answer: at most {number(load.ceiling_per_s)} requests/s"
    )


def _guard(guard: GuardSettings | None) -> str:
    if guard is None:
        return "not known: the run was interrupted before it was read"
    failures = (
        f"{guard.fail_max} failures in a row" if guard.failure_rate is None else f"{share(guard.failure_rate)} failures"
    )
    if guard.slow_call_rate is not None:
        failures += f", {share(guard.slow_call_rate)} slow calls"
    counting = "calls" if guard.bulkhead_overdue_after_s is None else "overdue calls"
    return (
        f"trips at {failures}, or {guard.fail_max} calls that wait, one for {seconds(guard.slow_call_s)}, while none "
        f"succeeds; cooldown {seconds(guard.reset_timeout_s)}, deadline {seconds(guard.deadline_s)}, "
        f"patience {seconds(guard.patience_s)}, "
        f"at most {guard.bulkhead_max_concurrent} {counting} at the same time"
    )
