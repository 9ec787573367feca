"""Requests in numbers."""

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


def test_accounts_hold_every_request() -> None:
    """Every request is in the accounts under its outcome."""
    assert summarize(SOME, 0.0, 10.0).accounts == Accounts(
        scheduled=7, full=2, degraded=1, failed=2, unanswered=1, unsent=1
    )


def test_rates_are_over_the_length_of_the_phase() -> None:
    """Goodput counts neither failures, however fast, nor slow answers."""
    result = summarize(SOME, 10.0, 20.0)
    assert (result.scheduled_per_s, result.answered_per_s) == (0.7, 0.5)
    assert (result.good, result.goodput_per_s) == (2, 0.2)


def test_waiting_requests_were_sent_but_not_answered() -> None:
    """A request answered after the phase, or never, was waiting at its end; an unsent one was not."""
    assert summarize(SOME, 0.0, 10.0).waiting_at_end == 2
    assert summarize([row(Outcome.FULL, 9.0, 1000), row(Outcome.FULL, 9.5, 501)], 0.0, 10.0).waiting_at_end == 1


def test_latency_is_separate_for_each_outcome() -> None:
    """Fast failures do not make full answers look fast."""
    found = summarize(SOME, 0.0, 10.0).latency
    assert [(part.count, part.mean_ms) for _, part in found if part] == [
        (5, 6360.0),
        (2, 150.0),
        (1, 1200.0),
        (2, 15150),
    ]


@pytest.mark.parametrize("outcome", [Outcome.UNANSWERED, Outcome.UNSENT])
def test_no_answer_has_no_latency(outcome: Outcome) -> None:
    """Without an answer the latency is null instead of zero."""
    result = summarize(rows(5, outcome), 0.0, 10.0)
    assert result.latency == LatencyByOutcome(answered=None, full=None, degraded=None, failed=None)
    assert (result.answered_per_s, result.goodput_per_s, result.good) == (0, 0, 0)


def test_summarizes_no_requests() -> None:
    """A route without requests has zeros in its accounts."""
    result = summarize([], 0.0, 10.0)
    assert result.accounts == Accounts(scheduled=0, full=0, degraded=0, failed=0, unanswered=0, unsent=0)
    assert result.waiting_at_end == 0


def test_percentiles_are_nearest_ranks() -> None:
    """A percentile is a latency that was measured: of 1 to 1000 ms, p99.9 is 999 ms."""
    found = latency([row(took_ms=float(ms)) for ms in range(1000, 0, -1)])
    assert found == Latency(
        count=1000, mean_ms=500.5, p50_ms=500, p90_ms=900, p95_ms=950, p99_ms=990, p99_9_ms=999, max_ms=1000
    )


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (50, 2), (51, 3), (100, 4)])
def test_percentile_of_four_values(percent: float, value: float) -> None:
    """A percentile is the smallest value that enough of the values do not exceed."""
    assert percentile([1, 2, 3, 4], percent) == value


@pytest.mark.parametrize(
    ("outcome", "took_ms", "good"),
    [
        (Outcome.FULL, 1000, True),
        (Outcome.FULL, 1000.1, False),
        (Outcome.DEGRADED, 5, True),
        (Outcome.FAILED, 5, False),
        (Outcome.UNANSWERED, 5, False),
    ],
)
def test_good_means_product_information_within_a_second(outcome: Outcome, took_ms: float, good: bool) -> None:
    """A request is good if it was answered with product information within a second."""
    assert is_good(row(outcome, took_ms=took_ms)) is good


def test_selects_requests_of_a_route() -> None:
    """Each request belongs to one of the two routes."""
    both = [*rows(3), *rows(2, route=Route.CATALOGUE)]
    assert [len(of_route(both, route)) for route in Route] == [3, 2]
