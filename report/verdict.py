"""The verdict: the result of a run in plain words, derived from its numbers."""

from dataclasses import dataclass
from typing import Literal

from experiment.phases import Phase
from experiment.results.model import Claim, Report, RouteResult
from experiment.services import GATEWAY_V1, GATEWAY_V2, Service
from report.focus import pages_in, phase_in_focus
from report.headline import good_share
from report.names import short_name, what_happened
from report.quantities import count, milliseconds, quantity, seconds

RELATIONS = {"=": "exactly", "<=": "at most", ">=": "at least"}


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the verdict, and its kind."""

    kind: Literal["unheld", "interrupted", "result", "caution"]
    text: str


def verdict(report: Report) -> str:
    """Return the whole verdict."""
    return " ".join(statement.text for statement in statements(report))


def statements(report: Report) -> list[Statement]:
    """Return the verdict's sentences: claims that do not hold, then the result, then a warning."""
    every = (
        Statement("unheld", _unheld_runs(report)),
        Statement("unheld", _unheld(report)),
        Statement("interrupted", _interrupted(report)),
        Statement("result", _result(report)),
        Statement("caution", _caution(report)),
    )
    return [statement for statement in every if statement.text]


def shown(claim: Claim) -> str:
    """Return a claim with its measurement and its threshold."""
    measured = "never" if claim.measured is None else quantity(claim.measured, claim.unit)
    threshold = quantity(claim.threshold, claim.unit)
    if claim.measured is not None and measured == threshold and not claim.held:  # as rounded, but not as they are
        measured, threshold = (f"{value:g} {claim.unit}" for value in (claim.measured, claim.threshold))
    asked = f"{RELATIONS[claim.relation]} {threshold}"
    return f"{claim.name}: measured {measured}, asked for {asked}"


def _unheld(report: Report) -> str:
    broken = [shown(claim) for claim in report.claims if not claim.held]
    if not broken:
        return ""
    verb = "DOES NOT HOLD" if len(broken) == 1 else "DO NOT HOLD"
    return f"{len(broken)} OF {len(report.claims)} CLAIMS {verb}: {'; '.join(broken)}."


def _unheld_runs(report: Report) -> str:
    """Return how many runs of --repeat broke a claim; the rest of the verdict is about the last run."""
    held = report.repeat.claims_held if report.repeat else []
    if all(held):
        return ""
    return f"NOT EVERY CLAIM HELD IN {held.count(False)} OF {len(held)} RUNS. The last of them:"


def _interrupted(report: Report) -> str:
    return "" if report.complete else f"INTERRUPTED after {seconds(report.timeline.end_s)}, so nothing is claimed."


def _result(report: Report) -> str:
    phase = phase_in_focus(report)
    if phase is None:
        return "No request was made, so nothing was measured."
    v1, v2 = (pages_in(report.gateways[gateway.name], phase) for gateway in (GATEWAY_V1, GATEWAY_V2))
    within = f" within {seconds(report.experiment.good_within_s)}"
    served = f"{_served(GATEWAY_V1, v1, within)}, {_served(GATEWAY_V2, v2)}"
    return f"{_what_happened(report, phase)}, {served}{_half_within(v2)}{_comparison(v1, v2)}."


def _what_happened(report: Report, phase: Phase) -> str:
    spans = {span.phase: span.to_s - span.from_s for span in report.timeline.phases}
    lasted = seconds(spans.get(phase, report.experiment.phases_s[phase]))
    if phase is not Phase.FAULT:
        return f"With all services healthy for {lasted} and no fault put in"
    from_start = " from the start" if report.timeline.fault_s == 0 else ""
    return f"While {what_happened(report.experiment.faults)} for {lasted}{from_start}"


def _served(gateway: Service, pages: RouteResult | None, within: str = "") -> str:
    name = short_name(gateway.name)
    if pages is None:
        return f"{name} was asked for no product page"
    served = {0: "none", pages.accounts.scheduled: "all"}.get(pages.good, count(pages.good))
    asked = count(pages.accounts.scheduled)
    return (
        f"{name} served {served} of its {asked} product pages{within}" if within else f"{name} {served} of its {asked}"
    )


def _half_within(pages: RouteResult | None) -> str:
    latency = pages.latency.answered if pages else None
    return f", half of its answers within {milliseconds(latency.p50_ms)}" if latency else ""


def _comparison(v1: RouteResult | None, v2: RouteResult | None) -> str:
    share_v1, share_v2 = good_share(v1), good_share(v2)
    if share_v1 is None or share_v2 is None or share_v2 > share_v1 or share_v1 == share_v2 == 1:
        return ""
    return ": no better than v1"


def _caution(report: Report) -> str:
    if not report.warnings:
        return ""
    more = f" (and {len(report.warnings) - 1} more)" if len(report.warnings) > 1 else ""
    return f"Beware: {report.warnings[0].rstrip('.')}{more}."
