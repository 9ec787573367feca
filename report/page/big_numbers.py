"""The three numbers to remember, in type that a lecture hall can read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from experiment.phases import Phase
from experiment.results.model import GatewayResult, Report, RouteResult
from report.focus import catalogue_in, pages_in, phase_in_focus
from report.headline import good_share
from report.quantities import milliseconds, seconds, share

Tone = Literal["good", "fair", "bad", "none"]
NEARLY_ALL, HALF = 0.99, 0.5
IN_PHASE = {
    Phase.HEALTHY: "while all was healthy",
    Phase.FAULT: "while the fault lasted",
    Phase.RECOVERY: "after it was healed",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A gateway's number, and whether it is good: judged by the number, never by the gateway."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class BigNumber:
    """One of the three."""

    title: str
    note: str
    values: dict[str, Value]  # by gateway


def big_numbers(report: Report) -> list[BigNumber]:
    """Return the three numbers of the phase that the run is about; none if it had no request."""
    phase = phase_in_focus(report)
    if phase is None:
        return []
    in_time = f"within {seconds(report.experiment.good_within_s)}"
    return [
        _big(report, f"product pages served {in_time}", IN_PHASE[phase], lambda g: _share(pages_in(g, phase))),
        _big(report, "typical answer to a product page", "median of all answers, errors too", _typical(report, phase)),
        _big(
            report, f"catalogue served {in_time}", "needs no recommendations", lambda g: _share(catalogue_in(g, phase))
        ),
    ]


def _big(report: Report, title: str, note: str, value: Callable[[GatewayResult], Value]) -> BigNumber:
    return BigNumber(title, note, {name: value(gateway) for name, gateway in report.gateways.items()})


def _share(route: RouteResult | None) -> Value:
    good = good_share(route)
    if good is None:
        return Value("not asked", "none")
    return Value(share(good), "good" if good >= NEARLY_ALL else "fair" if good > HALF else "bad")


def _typical(report: Report, phase: Phase) -> Callable[[GatewayResult], Value]:
    def value(gateway: GatewayResult) -> Value:
        pages = pages_in(gateway, phase)
        if pages is None:
            return Value("not asked", "none")
        if pages.latency.answered is None:
            return Value("no answer", "bad")
        median_ms = pages.latency.answered.p50_ms
        return Value(milliseconds(median_ms), "good" if median_ms <= report.experiment.good_within_s * 1000 else "bad")

    return value
