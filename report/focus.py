"""Which phase a run is about."""

from experiment.phases import Phase
from experiment.results.model import GatewayResult, Report, RouteResult

ORDER = (Phase.FAULT, Phase.HEALTHY, Phase.RECOVERY)


def phase_in_focus(report: Report) -> Phase | None:
    """Return the fault where requests were made in it, else the first phase with requests, else None."""
    return next((phase for phase in ORDER if has_requests(report, phase)), None)


def has_requests(report: Report, phase: Phase) -> bool:
    """Tell whether any gateway was asked for anything in this phase."""
    results = (result.phases.get(phase) for result in report.gateways.values())
    return any(result.all_routes.accounts.scheduled > 0 for result in results if result)


def pages_in(result: GatewayResult, phase: Phase) -> RouteResult | None:
    """Return what became of the product pages of one phase; None where none were asked for."""
    found = result.phases.get(phase)
    return found.product_details if found and found.product_details.accounts.scheduled else None


def catalogue_in(result: GatewayResult, phase: Phase) -> RouteResult | None:
    """Return what became of the catalogue pages of one phase; None where none were asked for."""
    found = result.phases.get(phase)
    return found.catalogue if found and found.catalogue.accounts.scheduled else None
