"""The load's counts against the services' own: what one side sent, the other side must have received."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from experiment.faults import Faults
from experiment.measure.nature import UNCOUNTED
from experiment.measure.summary import of_route
from experiment.results.model import AccountCheck
from experiment.results.requests_file import RequestRow
from experiment.run.counts import Counts, Ledger, minus
from experiment.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS, RECOMMENDATIONS, Service
from load.outcomes import Outcome, Route

NAMES = {Route.PRODUCT_DETAILS: "product pages", Route.CATALOGUE: "catalogue pages"}
MADE_A_CALL = (200, 500)  # v1's answers after its call to recommendations; it answers 502 and 504 before


def checks(ledger: Ledger, rows: Mapping[Service, Sequence[RequestRow]], faults: Faults) -> list[AccountCheck]:
    """Compare every count that is made twice; none where the services were not read after the load.

    Calls that the sick service cannot count, since it has been killed or refuses connections, are not compared.
    """
    if ledger.after is None:
        return []
    answered = [
        _answered(ledger.before, ledger.after, gateway, route, rows[gateway]) for gateway in GATEWAYS for route in Route
    ]
    if isinstance(faults.get(RECOMMENDATIONS), UNCOUNTED):
        return answered
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
    """Check v1: every product page makes a call, unless the product service fails."""
    pages = [row for row in of_route(rows, Route.PRODUCT_DETAILS) if row.outcome is not Outcome.UNSENT]
    made = sum(row.status in MADE_A_CALL for row in pages)
    return check(_calls_of(GATEWAY_V1), made, ledger.calls(GATEWAY_V1), len(pages) - made)


def _calls_of_v2(ledger: Ledger, after: Counts) -> Iterator[AccountCheck]:
    """Check v2: the calls that its guard let through are settled, or still in flight."""
    before, now = ledger.before.circuits, after.circuits
    if now and now.keys() == before.keys():  # no replica has ended
        settled = sum(settled_calls(now[of]) - settled_calls(before[of]) for of in now)
        in_flight = sum(status["in_flight"] + (status["state"] == "HALF-OPEN") for status in now.values())
        yield check(_calls_of(GATEWAY_V2), settled, ledger.calls(GATEWAY_V2), in_flight)


def _calls_of(gateway: Service) -> str:
    return f"calls of {gateway.name} that reached recommendations"


def settled_calls(circuit: dict[str, Any]) -> int:
    """Return how many calls that a circuit let through have come to an end, from its /circuit-status."""
    calls = circuit["calls"]
    return int(calls["successful"] + calls["failed"] + calls["ignored"] + calls["late"])


def check(what: str, caller: int, service: int | None, tolerance: int) -> AccountCheck:
    """Compare one count, made by the caller and by the service."""
    held = None if service is None else caller <= service <= caller + tolerance
    return AccountCheck(what=what, caller=caller, service=service, tolerance=tolerance, held=held)
