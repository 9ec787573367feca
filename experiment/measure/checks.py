"""The accounts of the load against those of the services: what one counts as asked, the other counts as answered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from experiment.measure.summary import of_route
from experiment.results.model import AccountCheck
from experiment.results.requests_file import RequestRow
from experiment.run.counts import Counts, Ledger, minus
from experiment.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS, Service
from load.outcomes import Outcome, Route

NAMES = {Route.PRODUCT_DETAILS: "product pages", Route.CATALOGUE: "catalogue pages"}
MADE_A_CALL = (200, 500)  # what v1 answers once it has called recommendations; 502 and 504 come before


def checks(ledger: Ledger, rows: Mapping[Service, Sequence[RequestRow]]) -> list[AccountCheck]:
    """Compare all that is counted twice; nothing when the services were not asked after the load."""
    if ledger.after is None:
        return []
    answered = [
        _answered(ledger.before, ledger.after, gateway, route, rows[gateway]) for gateway in GATEWAYS for route in Route
    ]
    return [*answered, _calls_of_v1(ledger, rows[GATEWAY_V1]), *_calls_of_v2(ledger, ledger.after)]


def _answered(
    before: Counts, after: Counts, gateway: Service, route: Route, rows: Iterable[RequestRow]
) -> AccountCheck:
    of_this = of_route(rows, route)
    got_answer = sum(bool(row.status) for row in of_this)
    given_up = sum(row.outcome is not Outcome.UNSENT for row in of_this) - got_answer
    counted = minus(after.answered(gateway, route), before.answered(gateway, route))
    return check(f"{NAMES[route]} that {gateway.name} answered", got_answer, counted, given_up)


def _calls_of_v1(ledger: Ledger, rows: Iterable[RequestRow]) -> AccountCheck:
    """Every product page of v1 makes a call, unless the product service fails."""
    pages = [row for row in of_route(rows, Route.PRODUCT_DETAILS) if row.outcome is not Outcome.UNSENT]
    made = sum(row.status in MADE_A_CALL for row in pages)
    return check(_calls_of(GATEWAY_V1), made, ledger.calls(GATEWAY_V1), len(pages) - made)


def _calls_of_v2(ledger: Ledger, after: Counts) -> Iterator[AccountCheck]:
    """The calls that v2's guard let through: settled, or still on their way."""
    if ledger.before.circuit and after.circuit:
        settled = _settled(after.circuit) - _settled(ledger.before.circuit)
        on_the_way = after.circuit["in_flight"] + (after.circuit["state"] == "HALF-OPEN")
        yield check(_calls_of(GATEWAY_V2), settled, ledger.calls(GATEWAY_V2), on_the_way)


def _calls_of(gateway: Service) -> str:
    return f"calls of {gateway.name} that reached recommendations"


def _settled(circuit: dict[str, Any]) -> int:
    calls = circuit["calls"]
    return int(calls["successful"] + calls["failed"] + calls["late"])


def check(what: str, caller: int, service: int | None, tolerance: int) -> AccountCheck:
    """Compare one count, made twice."""
    held = None if service is None else caller <= service <= caller + tolerance
    return AccountCheck(what=what, caller=caller, service=service, tolerance=tolerance, held=held)
