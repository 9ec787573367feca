"""What each chart shows, in a sentence: its caption, which is also its text alternative."""

from collections.abc import Callable

from experiment.phases import Phase
from experiment.results.model import GatewayResult, PhaseResult, Reaction, Report, RouteResult
from report.focus import phase_in_focus
from report.names import IN_PHASE, short_name
from report.quantities import count, milliseconds, number, seconds

Gist = Callable[[PhaseResult], str]


def gists(report: Report) -> dict[str, str]:
    """Return the sentence of each chart."""
    phase = phase_in_focus(report)
    if phase is None:
        return dict.fromkeys((*GISTS, "requests"), "No request was made.")
    found = {chart: _both(report, phase, gist) for chart, gist in GISTS.items()}
    reactions = [_reaction(result.reaction) for result in report.gateways.values()]
    return found | {"requests": " ".join((found["latency"], *filter(None, reactions)))}


def _both(report: Report, phase: Phase, gist: Gist) -> str:
    told = [f"{short_name(name)} {_of(result, phase, gist)}" for name, result in report.gateways.items()]
    return f"{IN_PHASE[phase].capitalize()}, {'; '.join(told)}."


def _of(result: GatewayResult, phase: Phase, gist: Gist) -> str:
    return gist(result.phases[phase]) if phase in result.phases else "was asked for nothing"


def _latency(result: PhaseResult) -> str:
    accounts, latency = result.product_details.accounts, result.product_details.latency.answered
    silent = accounts.unanswered + accounts.unsent
    if latency is None:
        return f"answered none of {count(silent)} product pages"
    median, slowest = milliseconds(latency.p50_ms), milliseconds(latency.max_ms)
    left = f", and left {count(silent)} without an answer" if silent else ""
    errors = " (errors too)" if accounts.failed else ""
    return f"answered product pages{errors} within {median} (median), {slowest} at most{left}"


def _outcomes(result: PhaseResult) -> str:
    accounts = result.all_routes.accounts
    told = [f"{count(value)} {outcome}" for outcome, value in accounts if outcome != "scheduled" and value]
    return f"made {', '.join(told) or 'nothing'} out of {count(accounts.scheduled)} requests"


def _served(result: PhaseResult) -> str:
    return f"served {_in_time(result.product_details)} product pages in time"


def _blast_radius(result: PhaseResult) -> str:
    return f"served {_in_time(result.catalogue)} catalogue pages in time"


def _in_time(route: RouteResult) -> str:
    return f"{count(route.good)} of {count(route.accounts.scheduled)}"


def _threads(result: PhaseResult) -> str:
    busy = result.busy_threads
    if busy is None:
        return "did not tell its busy threads"
    return f"had at most {busy.max} threads busy, {number(busy.mean)} on average"


def _calls(result: PhaseResult) -> str:
    calls = result.calls_to_recommendations
    return "is not known for its calls" if calls is None else f"let {count(calls)} calls through to recommendations"


def _reaction(reaction: Reaction) -> str:
    """Return when the circuit opened and closed; empty for a gateway without a circuit."""
    opened, closed = reaction.fault_to_open_s, reaction.heal_to_closed_s
    if opened is None:
        return ""
    told = f"The circuit opened {seconds(opened)} after the fault"
    return f"{told}, and closed {seconds(closed)} after it was healed." if closed is not None else f"{told}."


GISTS: dict[str, Gist] = {
    "latency": _latency,
    "outcomes": _outcomes,
    "served": _served,
    "blast_radius": _blast_radius,
    "threads": _threads,
    "calls": _calls,
}
