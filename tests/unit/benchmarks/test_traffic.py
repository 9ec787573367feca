"""What a benchmark makes of a request log."""

import time
from types import SimpleNamespace
from typing import cast

import pytest

from benchmarks.traffic import Traffic
from experiment.run.generator import Generator
from experiment.run.timeline import Clock
from load.outcomes import Outcome, Route
from load.requests_table import Request

WARM_UP_S = 1.0
DURATION_S = 5.0
AGO_S = 10.0  # when the load began


@pytest.fixture
def traffic() -> Traffic:
    """Return traffic of an early request, one that is answered after 1 s, and one that still waits since second 4."""
    begun_at = time.monotonic() - AGO_S
    requests = [
        Request(number, Route.PRODUCT_DETAILS, begun_at + at_s, begun_at + at_s, begun_at + at_s + 1, 200, Outcome.FULL)
        for number, at_s in enumerate((0.5, 2.0))
    ]
    requests.append(Request(2, Route.PRODUCT_DETAILS, begun_at + 4, begun_at + 4))
    log = SimpleNamespace(requests=dict(enumerate(requests)), read_more=list)
    return Traffic(cast(Generator, SimpleNamespace(log=log)), Clock(begun_at), DURATION_S)


def test_requests_of_the_warm_up_do_not_count(traffic: Traffic) -> None:
    """A request that starts before the warm-up is over is in no figure; rates are those of the rest of the time."""
    result = traffic.result(WARM_UP_S)
    assert (result.accounts.scheduled, result.accounts.full, result.accounts.unanswered) == (2, 1, 1)
    assert result.scheduled_per_s == 2 / (DURATION_S - WARM_UP_S)


def test_unanswered_request_counts_with_its_wait_so_far(traffic: Traffic) -> None:
    """The slowest latency is the wait of the request that has no answer yet."""
    result = traffic.result(WARM_UP_S)
    assert result.waiting_at_end == 1
    assert result.latency.answered is not None
    assert result.latency.answered.max_ms >= (AGO_S - 4) * 1000
