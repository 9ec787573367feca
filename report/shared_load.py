"""The workers among which the load was shared, in plain words."""

from collections.abc import Iterator

from experiment.results.model import Report


def shared_load(report: Report) -> Iterator[str]:
    """Return a sentence for each gateway whose load several processes made."""
    for gateway, result in report.gateways.items():
        if workers := result.generator.workers:
            requests = " + ".join(f"{worker.requests:,}" for worker in workers)
            error_ms = max(worker.clock_error_ms for worker in workers)
            yield (
                f"{len(workers)} load {'worker' if len(workers) == 1 else 'workers'} made the requests to {gateway}: "
                f"{requests}. Clocks are compared to within {error_ms:.2f} ms."
            )
