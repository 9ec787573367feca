"""The requests of a log on the clock of the run."""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from experiment.measure.rows import rows_of
from experiment.phases import Phase
from experiment.plan import Closed, Open
from experiment.results.model import Accounts, PhaseResult
from experiment.results.requests_file import RequestRow
from experiment.run.timeline import FROM_THE_START, Story
from load.outcomes import Outcome
from load.requests_table import Request
from support.recordings import recording, report_of, request
from support.story import clock, story

STORIES = st.sampled_from(
    [
        story(),
        story(heal=None),
        story(fault=None, heal=None),
        Story(FROM_THE_START, load_ends_s=30.0, ends_s=32.0),
    ]
)
REQUESTS = st.lists(
    st.builds(
        request,
        st.just(0),
        st.sampled_from(Outcome),
        st.floats(-0.01, 30.0),
        st.floats(0.0, 40.0),
        lag_s=st.floats(0.0, 2.0),
    ),
    max_size=40,
)


def numbered(requests: Iterable[Request]) -> list[Request]:
    """Return the requests with a number of its own for each, on both routes."""
    found = []
    for number, made in enumerate(requests, 1):
        made.number, made.route = number, request(number).route
        found.append(made)
    return found


def one(made: Request, *, open_load: bool) -> RequestRow:
    """Return the row of one request."""
    (found,) = rows_of([made], "api-gateway-v2", clock(), story(), open_load=open_load)
    return found


def test_closed_load_counts_from_the_actual_start() -> None:
    """In a closed load, latency and phase count from the actual start of a request."""
    late = one(request(7, at=10.4, lag_s=0.2, took_s=0.1), open_load=False)
    assert (late.request_id, late.gateway) == ("load-7", "api-gateway-v2")
    assert (late.intended_s, late.started_s, late.ended_s) == (10.4, 10.6, 10.7)
    assert (late.latency_ms, late.phase) == (100.0, Phase.FAULT)


def test_open_load_counts_from_the_scheduled_start() -> None:
    """In an open load, latency and phase count from the scheduled start of a request."""
    late = one(request(7, at=10.4, lag_s=0.2, took_s=0.1), open_load=True)
    assert (late.latency_ms, late.phase) == (300.0, Phase.HEALTHY)


def test_request_without_an_answer_has_no_latency() -> None:
    """An unanswered request has neither end nor latency, and an unsent one has no start either."""
    unanswered, unsent = (one(request(1, o), open_load=True) for o in (Outcome.UNANSWERED, Outcome.UNSENT))
    assert (unanswered.started_s, unanswered.ended_s, unanswered.status, unanswered.latency_ms) == (
        1.0,
        None,
        None,
        None,
    )
    assert (unsent.started_s, unsent.ended_s, unsent.status, unsent.latency_ms) == (None, None, None, None)


@given(REQUESTS, STORIES, st.sampled_from([Closed(10), Open(10)]))
@settings(max_examples=60)
def test_accounts_balance_whatever_happens(requests: list[Request], told: Story, load: Closed | Open) -> None:
    """In every phase and route the outcomes add up, and no request is lost or counted twice."""
    found = numbered(requests)
    for result in report_of(recording(found, told, load)).gateways.values():
        assert _scheduled(result.whole_run) == len(found)
        assert sum(map(_scheduled, result.phases.values())) == len(found)


def _scheduled(result: PhaseResult) -> int:
    """Return how many requests a part of the run had, once its accounts add up."""
    routes = (result.product_details.accounts, result.catalogue.accounts)
    assert all(map(_adds_up, (*routes, result.all_routes.accounts)))
    assert sum(route.scheduled for route in routes) == result.all_routes.accounts.scheduled
    return result.all_routes.accounts.scheduled


def _adds_up(a: Accounts) -> bool:
    return a.scheduled == a.full + a.degraded + a.failed + a.unanswered + a.unsent
