"""The traffic that a run of the demonstration had while nothing was wrong, from its comparison_report.json."""

from pathlib import Path

from experiment.errors import UsageError
from experiment.phases import Phase
from experiment.results.model import Accounts, Latency, RouteResult, read_report
from experiment.services import GATEWAY_V1
from explore.latency import QuantileLatency
from explore.traffic import Traffic


def traffic_from_report(path: Path) -> Traffic:
    """Return the calls to recommendations in the healthy phase, as the product pages of api-gateway-v1 show them.

    Each page makes one call, so the rate of the pages is that of the calls. v1 has no guard: a call that fails is a
    page that fails, and no circuit refuses any.

    The latency is that of full pages, for the report has none of the dependency's own. It includes the product
    service and the gateway, so it is a little too long. P50 to P99 are used. The quantiles beyond are left out: they
    may be of a page that waited when the fault came. All other phases, the catalogue and v2 are left out as well.

    Raises:
        UsageError: The file is missing, is no report of this version, or has no page that was healthy.
    """
    pages = _healthy_pages(path)
    if pages is None or pages.latency.full is None:
        raise UsageError(
            f"{path} has no full page of {GATEWAY_V1.name} in a healthy phase; expected a run that begins with one"
        )
    try:
        latency = _latency(pages.latency.full)
    except ValueError as error:
        raise UsageError(f"{path} is a broken report: {error}") from None
    return Traffic(pages.scheduled_per_s, latency, _error_share(pages.accounts, pages.waiting_at_end))


def _healthy_pages(path: Path) -> RouteResult | None:
    gateway = read_report(path).gateways.get(GATEWAY_V1.name)
    healthy = gateway.phases.get(Phase.HEALTHY) if gateway else None
    return healthy.product_details if healthy else None


def _latency(full: Latency) -> QuantileLatency:
    quantiles_ms = {0.5: full.p50_ms, 0.9: full.p90_ms, 0.95: full.p95_ms, 0.99: full.p99_ms}
    return QuantileLatency({share: took_ms / 1000 for share, took_ms in quantiles_ms.items()})


def _error_share(pages: Accounts, waiting: int) -> float:
    """Return the share of failed pages, but for as many as waited when the phase ended: those met the fault."""
    failed = max(0, pages.failed - waiting)
    return failed / (pages.full + failed)
