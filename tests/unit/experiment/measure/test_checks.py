"""Counts of the load compared with the services' own."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from experiment.faults import read_faults
from experiment.measure import checks as account_checks
from experiment.measure.checks import check
from experiment.phases import Phase
from experiment.replicas import replicas_of_v2
from experiment.results.model import AccountCheck
from experiment.results.requests_file import RequestRow
from experiment.run.counts import Counts, Ledger, minus, read_counts
from experiment.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS, RECOMMENDATIONS, Service
from load.outcomes import Outcome, Route
from shopkit.metrics_reader import Metrics
from support.readings import FakeShop, calls_metrics, circuit, gateway_metrics
from support.rows import row, rows

V1 = GATEWAY_V1.name


def counts(
    v1: Metrics | None = None,
    v2: Metrics | None = None,
    recommendations: Metrics | None = None,
    status: dict[str, Any] | None = None,
) -> Counts:
    """Return what the services had counted; None for one that did not answer."""
    read = {GATEWAY_V1: v1, GATEWAY_V2: v2, RECOMMENDATIONS: recommendations}
    return Counts(
        {service: metrics for service, metrics in read.items() if metrics}, {GATEWAY_V2: status} if status else {}
    )


def checks(
    before: Counts, after: Counts | None, v1: list[RequestRow], v2: list[RequestRow], faults: Iterable[str] = ("hang",)
) -> Mapping[str, AccountCheck]:
    """Return all checks of a run, by what they are about."""
    return {
        made.what: made
        for made in account_checks.checks(
            Ledger(before, None, after), {GATEWAY_V1: v1, GATEWAY_V2: v2}, read_faults(faults)
        )
    }


@pytest.mark.parametrize(
    ("service", "tolerance", "held"),
    [(10, 0, True), (11, 0, False), (9, 0, False), (12, 2, True), (13, 2, False), (9, 2, False), (None, 5, None)],
)
def test_count_holds_within_its_tolerance(service: int | None, tolerance: int, held: bool | None) -> None:
    """The service may have received what the caller gave up on, but cannot have counted less than was answered."""
    assert check("pages", 10, service, tolerance).held is held


@pytest.mark.parametrize(("after", "before", "added"), [(7, 3, 4), (None, 3, None), (7, None, None)])
def test_difference_needs_both_readings(after: int | None, before: int | None, added: int | None) -> None:
    """A difference between two readings is known only if both are."""
    assert minus(after, before) == added


def test_compares_answers_of_each_gateway_and_route() -> None:
    """Answers are compared without earlier counts; broken connections and unanswered requests are tolerated."""
    asked = [
        *rows(3),
        *rows(2, Outcome.UNANSWERED),
        *rows(4, Outcome.UNSENT),
        replace(row(Outcome.FAILED), status=0),
        *rows(5, route=Route.CATALOGUE),
    ]
    made = checks(counts(gateway_metrics(100, 200)), counts(gateway_metrics(104, 206)), asked, [])
    assert made[f"product pages that {V1} answered"].model_dump(exclude={"what"}) == {
        "caller": 3,
        "service": 4,
        "tolerance": 3,
        "held": True,
    }
    assert made[f"catalogue pages that {V1} answered"].model_dump(exclude={"what"}) == {
        "caller": 5,
        "service": 6,
        "tolerance": 0,
        "held": False,
    }


def test_unreadable_service_decides_nothing() -> None:
    """A check against a service that could not be read neither holds nor fails."""
    made = checks(counts(), counts(), rows(3), rows(3))
    assert [found.held for found in made.values()] == [None] * 5


def test_interrupted_run_has_no_checks() -> None:
    """A run without a reading after the load compares nothing."""
    assert checks(counts(), None, rows(3), rows(3)) == {}


@pytest.mark.parametrize(("reached", "held"), [(4, True), (6, True), (3, False), (7, False)])
def test_v1_makes_a_call_for_each_page(reached: int, held: bool) -> None:
    """Answers 200 and 500 of v1 follow a call, 502 and 504 do not, and unanswered pages may have made one."""
    asked = [*rows(3), row(Outcome.FAILED), replace(row(Outcome.FAILED), status=504), row(Outcome.UNANSWERED)]
    made = checks(
        counts(recommendations=calls_metrics(V1, 50)),
        counts(recommendations=calls_metrics(V1, 50, reached)),
        [*asked, row(Outcome.UNSENT), *rows(9, route=Route.CATALOGUE)],
        [],
    )
    found = made[f"calls of {V1} that reached recommendations"]
    assert (found.caller, found.service, found.tolerance, found.held) == (4, reached, 2, held)


@pytest.mark.parametrize(
    ("state", "reached", "tolerance", "held"),
    [
        ("CLOSED", 15, 2, True),
        ("CLOSED", 17, 2, True),
        ("CLOSED", 18, 2, False),
        ("HALF-OPEN", 18, 3, True),  # the probe
        ("OPEN", 14, 2, False),
    ],
)
def test_v2_calls_are_settled_or_in_flight(state: str, reached: int, tolerance: int, held: bool) -> None:
    """Calls that v2 let through are successful, failed, late or in flight; refused calls do not count."""
    v2 = GATEWAY_V2.name
    made = checks(
        counts(recommendations=calls_metrics(v2, 5), status=circuit(successful=1, failed=2, late=2)),
        counts(
            recommendations=calls_metrics(v2, 5, reached),
            status=circuit(state, in_flight=2, successful=11, failed=5, late=4, short_circuited=99),
        ),
        [],
        [],
    )
    found = made[f"calls of {v2} that reached recommendations"]
    assert (found.caller, found.service, found.tolerance, found.held) == (15, reached, tolerance, held)


def test_calls_of_replicas_are_added_up() -> None:
    """The calls of all replicas are compared together, and not at all where one of them has ended."""
    one, other = replicas_of_v2(2)
    reached = {RECOMMENDATIONS: calls_metrics(GATEWAY_V2.name, 0, 7)}
    before = Counts({RECOMMENDATIONS: calls_metrics(GATEWAY_V2.name, 0)}, {one: circuit(), other: circuit()})
    after = {one: circuit(failed=3), other: circuit(failed=3, in_flight=1)}
    name = f"calls of {GATEWAY_V2.name} that reached recommendations"

    found = checks(before, Counts(reached, after), [], [])[name]
    assert (found.caller, found.service, found.tolerance, found.held) == (6, 7, 1, True)
    assert name not in checks(before, Counts(reached, {one: after[one]}), [], [])


@pytest.mark.parametrize(
    ("at_heal", "after", "expected"),
    [
        (calls_metrics(V1, 30, 5), calls_metrics(V1, 70, 9), (20, 9, 40)),
        (None, calls_metrics(V1, 30, 9), (20, 9, 0)),  # never healed
        (calls_metrics(V1, 30, 5), None, (20, None, None)),  # interrupted
        (None, None, (None, None, None)),
    ],
)
def test_attributes_calls_to_phases_by_their_fault(
    at_heal: Metrics | None, after: Metrics | None, expected: tuple[int | None, ...]
) -> None:
    """Calls that met the fault belong to its phase; the others came before it or in recovery."""
    ledger = Ledger(
        counts(recommendations=calls_metrics(V1, 10)),
        counts(recommendations=at_heal) if at_heal else None,
        counts(recommendations=after) if after else None,
    )
    assert tuple(ledger.calls_in(phase, GATEWAY_V1) for phase in Phase) == expected


def test_calls_of_phases_add_up() -> None:
    """Each call of the run belongs to exactly one phase."""
    ledger = Ledger(
        counts(recommendations=calls_metrics(V1, 10)),
        counts(recommendations=calls_metrics(V1, 30, 5)),
        counts(recommendations=calls_metrics(V1, 70, 9)),
    )
    assert sum(ledger.calls_in(phase, GATEWAY_V1) or 0 for phase in Phase) == ledger.calls(GATEWAY_V1) == 69


@pytest.mark.parametrize("silent", [set(), {GATEWAY_V1}, {*GATEWAYS, RECOMMENDATIONS}])
def test_silent_service_is_missing_from_the_counts(silent: set[Service]) -> None:
    """A service that does not answer is left out, and the others are still read."""
    shop = FakeShop()
    shop.silent = silent
    found = read_counts(shop)
    assert set(found.metrics) == {*GATEWAYS, RECOMMENDATIONS} - silent
    assert set(found.circuits) == {GATEWAY_V2}
    assert found.answered(GATEWAY_V1, Route.CATALOGUE) == (None if silent else 0)


def test_killed_service_has_forgotten_what_it_counted() -> None:
    """Calls are not compared where the sick service was killed, suspended or refused connections; answers are."""
    for fault in ("kill", "stop", "refuse"):
        made = checks(counts(), counts(), [], [], [fault])
        assert made
        assert not any("reached recommendations" in what for what in made)
