"""Warnings: conditions that make a run less conclusive than it seems."""

from collections.abc import Iterator, Mapping, Sequence

from experiment.results.model import AccountCheck, ClosedLoad, Experiment, GatewayResult
from experiment.services import Service

BUSY_GENERATOR = 0.9  # of one core
LATE_START_MS = 100.0
CLOCKS_DIFFER_S = 0.5
CLOCK_ERROR_MS = 50.0


def warnings_of(
    experiment: Experiment,
    results: Mapping[Service, GatewayResult],
    checks: Sequence[AccountCheck],
    clock_differences_s: Mapping[Service, float],
) -> list[str]:
    """Return each warning as a sentence."""
    return [
        *(text for gateway, result in results.items() for text in _generator(gateway.name, result)),
        *(text for gateway, result in results.items() for text in _workers(gateway.name, result)),
        *_few_users(experiment),
        *_not_checked(checks),
        *_clocks(clock_differences_s),
    ]


def _generator(gateway: str, result: GatewayResult) -> Iterator[str]:
    cpu, lag_ms = result.generator.cpu_share_max, result.generator.start_lag_p99_ms
    if cpu > BUSY_GENERATOR:
        yield (
            f"The load generator of {gateway} used {cpu:.0%} of a core: it may be what limited the load, "
            "and its latencies may be its own."
        )
    elif lag_ms > LATE_START_MS:
        yield f"One request in a hundred to {gateway} started {lag_ms:.0f} ms late or more: this machine was too busy."


def _workers(gateway: str, result: GatewayResult) -> Iterator[str]:
    error_ms = max((worker.clock_error_ms for worker in result.generator.workers), default=0.0)
    if error_ms > CLOCK_ERROR_MS:
        yield (
            f"The clocks of the load's workers at {gateway} are known to {error_ms:.0f} ms only: "
            "the moments of its requests, and with them its reaction times, are that uncertain."
        )


def _few_users(experiment: Experiment) -> Iterator[str]:
    load, threads = experiment.load, experiment.threads.get("api-gateway-v1", 0)
    if isinstance(load, ClosedLoad) and load.users <= threads:
        yield (
            f"{load.users} users can't take all {threads} threads of a gateway: "
            "the catalogue behind v1 stays up, and the blast radius does not show."
        )


def _not_checked(checks: Sequence[AccountCheck]) -> Iterator[str]:
    unread = [check.what for check in checks if check.service is None]
    if unread:
        yield f"Not compared with the service's own count, because it gave no answer at the end: {'; '.join(unread)}."


def _clocks(differences_s: Mapping[Service, float]) -> Iterator[str]:
    for service, ahead_s in differences_s.items():
        if abs(ahead_s) > CLOCKS_DIFFER_S:
            yield (
                f"The clock of {service.name} is {abs(ahead_s):.1f} s {'ahead of' if ahead_s > 0 else 'behind'} this "
                "machine's: the times in its logs are that far off. No figure of this report depends on it."
            )
