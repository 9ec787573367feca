"""Numbers out of requests."""

import pytest

from experiment.measure.summary import is_good, latency, of_route, percentile, summarize
from experiment.results.model import Accounts, Latency, LatencyByOutcome
from load.outcomes import Outcome, Route
from support.rows import row, rows

SOME = [
    row(Outcome.FULL, 1.0, 100),
    row(Outcome.FULL, 2.0, 200),
    row(Outcome.DEGRADED, 3.0, 1200),
    row(Outcome.FAILED, 4.0, 300),
    row(Outcome.FAILED, 5.0, 30_000),
    row(Outcome.UNANSWERED, 6.0),
    row(Outcome.UNSENT, 7.0),
]


def test_every_request_is_in_the_accounts() -> None:
    """Scheduled are full, degraded, failed, unanswered and unsent together."""
    assert summarize(SOME, 0.0, 10.0).accounts == Accounts(
        scheduled=7, full=2, degraded=1, failed=2, unanswered=1, unsent=1
    )


def test_rates_are_over_the_length_of_the_phase() -> None:
    """Goodput counts product information in time: neither failures, however fast, nor slow answers."""
    result = summarize(SOME, 10.0, 20.0)
    assert (result.scheduled_per_s, result.answered_per_s) == (0.7, 0.5)
    assert (result.good, result.goodput_per_s) == (2, 0.2)


def test_waiting_at_the_end_is_what_was_sent_and_not_yet_answered() -> None:
    """Answered after the phase, or never; a request that was never sent does not wait."""
    assert summarize(SOME, 0.0, 10.0).waiting_at_end == 2
    assert summarize([row(Outcome.FULL, 9.0, 1000), row(Outcome.FULL, 9.5, 501)], 0.0, 10.0).waiting_at_end == 1


def test_latency_is_told_apart_by_outcome() -> None:
    """A fast failure must not make full answers look fast."""
    found = summarize(SOME, 0.0, 10.0).latency
    assert [(part.count, part.mean_ms) for _, part in found if part] == [
        (5, 6360.0),
        (2, 150.0),
        (1, 1200.0),
        (2, 15150),
    ]


@pytest.mark.parametrize("outcome", [Outcome.UNANSWERED, Outcome.UNSENT])
def test_nothing_answered_has_no_latency(outcome: Outcome) -> None:
    """The most dangerous zero is none."""
    result = summarize(rows(5, outcome), 0.0, 10.0)
    assert result.latency == LatencyByOutcome(answered=None, full=None, degraded=None, failed=None)
    assert (result.answered_per_s, result.goodput_per_s, result.good) == (0, 0, 0)


def test_no_requests_are_no_trouble() -> None:
    """A route nobody asked for is all zeros."""
    result = summarize([], 0.0, 10.0)
    assert result.accounts == Accounts(scheduled=0, full=0, degraded=0, failed=0, unanswered=0, unsent=0)
    assert result.waiting_at_end == 0


def test_percentiles_are_nearest_ranks() -> None:
    """Of 1000 latencies from 1 to 1000 ms, p99.9 is 999 ms: a latency that was measured, none in between."""
    found = latency([row(took_ms=float(ms)) for ms in range(1000, 0, -1)])
    assert found == Latency(
        count=1000, mean_ms=500.5, p50_ms=500, p90_ms=900, p95_ms=950, p99_ms=990, p99_9_ms=999, max_ms=1000
    )


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (1, 1), (50, 2), (51, 3), (75, 3), (76, 4), (100, 4)])
def test_percentile_is_the_smallest_value_that_enough_do_not_exceed(percent: float, value: float) -> None:
    """Of four values."""
    assert percentile([1, 2, 3, 4], percent) == value


@pytest.mark.parametrize(
    ("outcome", "took_ms", "good"),
    [
        (Outcome.FULL, 1000, True),
        (Outcome.FULL, 1000.1, False),
        (Outcome.DEGRADED, 5, True),
        (Outcome.FAILED, 5, False),
        (Outcome.UNANSWERED, 5, False),
        (Outcome.UNSENT, 5, False),
    ],
)
def test_good_is_product_information_within_a_second(outcome: Outcome, took_ms: float, good: bool) -> None:
    """Whatever else it is."""
    assert is_good(row(outcome, took_ms=took_ms)) is good


def test_routes_are_told_apart() -> None:
    """Each request is for one of the two."""
    both = [*rows(3), *rows(2, route=Route.CATALOGUE)]
    assert [len(of_route(both, route)) for route in Route] == [3, 2]
