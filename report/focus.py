"""The phase that a run is about, and its results."""

from experiment.phases import Phase
from experiment.results.model import GatewayResult, Report, RouteResult

ORDER = (Phase.FAULT, Phase.HEALTHY, Phase.RECOVERY)


def phase_in_focus(report: Report) -> Phase | None:
    """Return the fault phase if it had requests, else another phase that had some, else None."""
    return next((phase for phase in ORDER if has_requests(report, phase)), None)


def has_requests(report: Report, phase: Phase) -> bool:
    """Return whether any request was scheduled in a phase."""
    results = (result.phases.get(phase) for result in report.gateways.values())
    return any(result.all_routes.accounts.scheduled > 0 for result in results if result)


def pages_in(result: GatewayResult, phase: Phase) -> RouteResult | None:
    """Return the results of the product pages in one phase; None where none was asked for."""
    found = result.phases.get(phase)
    return found.product_details if found and found.product_details.accounts.scheduled else None


def catalogue_in(result: GatewayResult, phase: Phase) -> RouteResult | None:
    """Return the results of the catalogue pages in one phase; None where none was asked for."""
    found = result.phases.get(phase)
    return found.catalogue if found and found.catalogue.accounts.scheduled else None
