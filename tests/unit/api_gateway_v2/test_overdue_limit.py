"""The limit on overdue calls, behind the bulkhead that uses it."""

import pytest

from api_gateway_v2.bulkhead import Bulkhead, FixedLimit
from api_gateway_v2.overdue_limit import LEAST_S, OVERDUE_FACTOR, UNKNOWN_S, OverdueLimit
from api_gateway_v2.permits import Permit

USUAL_S = 0.05
SLOW_CALL_S = 0.5


@pytest.fixture
def limit() -> OverdueLimit:
    """Return a limit of three overdue calls that knows a dependency of 50 ms."""
    limit = OverdueLimit(3, SLOW_CALL_S)
    for _ in range(50):
        limit.on_success(USUAL_S)
    return limit


def entered(bulkhead: Bulkhead[None], calls: int, at_s: float) -> int:
    """Let as many calls as may enter at the same moment; return how many did."""
    return sum(bulkhead.enter(Permit(0, at_s), None) for _ in range(calls))


def test_admits_any_number_in_the_usual_time(limit: OverdueLimit) -> None:
    """A burst of a healthy load enters whole, up to the places that there are."""
    bulkhead = Bulkhead[None](limit, places=64)

    assert entered(bulkhead, 32, at_s=0.0) == 32
    assert entered(bulkhead, 16, at_s=2.9 * USUAL_S) == 16
    assert entered(bulkhead, 20, at_s=2.9 * USUAL_S) == 16
    snapshot = bulkhead.snapshot(2.9 * USUAL_S)
    assert (snapshot.in_flight, snapshot.taken, snapshot.refused) == (64, 0, 4)


def test_refuses_when_calls_are_overdue(limit: OverdueLimit) -> None:
    """From three times the average on a call is overdue, and with three of them no further call enters."""
    bulkhead = Bulkhead[None](limit, places=64)
    assert entered(bulkhead, 2, at_s=0.0) == 2
    assert entered(bulkhead, 9, at_s=0.1) == 9

    overdue_s = OVERDUE_FACTOR * USUAL_S
    assert limit.overdue_after_s == pytest.approx(overdue_s)
    assert entered(bulkhead, 1, at_s=overdue_s + 0.01) == 1, "only two are overdue"
    assert entered(bulkhead, 5, at_s=0.1 + overdue_s + 0.01) == 0
    assert bulkhead.snapshot(0.1 + overdue_s + 0.01).taken == 11


def test_call_that_ends_frees_its_place(limit: OverdueLimit) -> None:
    """When overdue calls have ended, others enter again."""
    bulkhead = Bulkhead[None](limit, places=64)
    old = [Permit(0, 0.0) for _ in range(3)]
    assert all(bulkhead.enter(permit, None) for permit in old)
    assert entered(bulkhead, 1, at_s=1.0) == 0

    bulkhead.leave(old[0], None)
    assert entered(bulkhead, 1, at_s=1.0) == 1


def test_hang_lets_few_calls_in() -> None:
    """In a hang with 66 calls a second no more than 12 get in, however long it lasts, if calls usually take 5 ms."""
    quick = OverdueLimit(10, SLOW_CALL_S)
    quick.on_success(0.005)
    bulkhead = Bulkhead[None](quick, places=64)

    assert sum(bulkhead.enter(Permit(0, number / 66), None) for number in range(100)) <= 12
    assert quick.overdue_after_s == LEAST_S


def test_does_not_know_what_is_usual_at_first() -> None:
    """Before the first success the time is fixed; the first one replaces it."""
    limit = OverdueLimit(3, SLOW_CALL_S)
    assert limit.overdue_after_s == UNKNOWN_S

    limit.on_success(0.1)
    assert limit.overdue_after_s == pytest.approx(0.1 * OVERDUE_FACTOR)


def test_forgets_slowly() -> None:
    """A dependency that becomes slower is given little more time at first, because the average is long."""
    limit = OverdueLimit(3, slow_call_s=60.0)
    for _ in range(1000):
        limit.on_success(0.05)
    before_s = limit.overdue_after_s
    for _ in range(60):
        limit.on_success(0.5)

    assert limit.overdue_after_s < 3 * before_s
    for _ in range(3000):
        limit.on_success(0.5)
    assert limit.overdue_after_s == pytest.approx(1.5, rel=0.05)


def test_slow_call_is_always_overdue(limit: OverdueLimit) -> None:
    """However slow a dependency usually is, its calls are overdue once they count as slow, and the limit holds."""
    for _ in range(3000):
        limit.on_success(1.0)

    assert limit.overdue_after_s == SLOW_CALL_S


def test_places_bound_every_limit(limit: OverdueLimit) -> None:
    """There are never more calls than places, though the limit would allow more."""
    assert entered(Bulkhead[None](limit, places=2), 5, at_s=0.0) == 2
    assert entered(Bulkhead[None](FixedLimit(10), places=2), 5, at_s=0.0) == 2


def test_fixed_limit_counts_every_call() -> None:
    """With a fixed limit the age of calls and the durations of others do not matter."""
    fixed = FixedLimit(3)
    fixed.on_success(100.0)
    bulkhead = Bulkhead[None](fixed, places=64)

    assert entered(bulkhead, 5, at_s=0.0) == 3
    assert entered(bulkhead, 5, at_s=1000.0) == 0
    snapshot = bulkhead.snapshot(0.0)
    assert (snapshot.taken, snapshot.max_concurrent, snapshot.overdue_after_s, snapshot.refused) == (3, 3, None, 7)
