"""The guarded call on the caller's own thread."""

from collections.abc import Callable

import pytest

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.bulkhead import Bulkhead, FixedLimit
from api_gateway_v2.direct_guard import LOOKS_EVERY_S, DirectGuard
from api_gateway_v2.overdue_limit import OVERDUE_FACTOR, OverdueLimit
from api_gateway_v2.permits import CallKind
from api_gateway_v2.probe_call import ProbeCall
from api_gateway_v2.transitions import Control, State
from shopkit import waits
from shopkit.errors import CallRefused, RequestRejected, Unreachable
from support.circuits import EventRecorder, ManualClock, fail, reasons

SLOW_CALL_S = 0.5


@pytest.fixture
def breaker(make_breaker: Callable[..., Breaker]) -> Breaker:
    """Return a CLOSED circuit."""
    return make_breaker(slow_call_s=SLOW_CALL_S)


@pytest.fixture
def guard(breaker: Breaker) -> DirectGuard:
    """Return a guard with two places."""
    return DirectGuard(breaker, Bulkhead(FixedLimit(2), 2), ProbeCall(lambda: "first"), deadline_s=2.0)


def look() -> float:
    """Look at the wait as the socket does, and return for how long it may go on."""
    watch = waits.current()
    assert watch is not None
    return watch()


def test_returns_the_answer_of_its_own_thread(guard: DirectGuard, breaker: Breaker, clock: ManualClock) -> None:
    """The call has its arguments and its answer; its end is reported with its duration."""
    recorder = EventRecorder()
    breaker.add_listener(recorder)

    def take(seconds: float) -> str:
        clock.move(seconds)
        return "answer"

    assert guard.call(take, seconds=0.25) == "answer"
    assert recorder.calls == [(0.25, CallKind.SUCCESSFUL)]
    assert guard.snapshot().bulkhead.in_flight == 0
    assert waits.current() is None


def test_raises_what_the_call_raises(guard: DirectGuard, breaker: Breaker) -> None:
    """Failures count and rejections do not, and both reach the caller."""

    def raising(error: Exception) -> None:
        raise error

    for _ in range(3):
        with pytest.raises(RequestRejected):
            guard.call(raising, RequestRejected(404, "no such product"))
        with pytest.raises(Unreachable):
            guard.call(raising, Unreachable("product-service", "is away"))

    assert reasons(breaker) == ["3 consecutive failures: product-service is away"]


def test_open_circuit_refuses_with_the_time_to_wait(guard: DirectGuard, breaker: Breaker, clock: ManualClock) -> None:
    """While the circuit is OPEN nothing is called, and the caller learns when the next probe is due."""
    fail(breaker)
    clock.move(4)

    with pytest.raises(CallRefused) as refused:
        guard.call(pytest.fail)

    assert refused.value.retry_after_s == 6.0
    breaker.take_control(Control.FORCED_OPEN)
    with pytest.raises(CallRefused) as forced:
        guard.call(pytest.fail)
    assert forced.value.retry_after_s == 0, "nobody knows"
    assert str(refused.value) == "recommendations-service is not available at the moment"


def test_full_bulkhead_refuses(guard: DirectGuard) -> None:
    """A call beyond the places is refused, and its place is not lost."""

    def refused() -> str:
        with pytest.raises(CallRefused):
            guard.call(pytest.fail)
        return "answer"

    def nested() -> str:
        return guard.call(refused)

    assert [guard.call(nested) for _ in range(2)] == ["answer"] * 2
    assert guard.snapshot().bulkhead.refused == 2


def test_bulkhead_learns_what_is_usual(breaker: Breaker, clock: ManualClock) -> None:
    """The durations of successful calls reach the limit, and the age of those in flight is that of now."""
    limit = OverdueLimit(10, slow_call_s=60.0)
    guard = DirectGuard(breaker, Bulkhead(limit, 20), ProbeCall(lambda: None), deadline_s=2.0)

    def fail_after(seconds: float) -> None:
        clock.move(seconds)
        raise Unreachable("product-service", "is away")

    guard.call(clock.move, 0.1)
    with pytest.raises(Unreachable):
        guard.call(fail_after, 9.0)
    assert limit.overdue_after_s == pytest.approx(0.1 * OVERDUE_FACTOR)

    def look_at_it() -> int:
        clock.move(1)
        return guard.snapshot().bulkhead.taken

    assert guard.call(look_at_it) == 1


@pytest.fixture
def look_until(clock: ManualClock) -> Callable[[float], None]:
    """Return a function that waits for so many seconds, with a look whenever one is due."""

    def wait(seconds: float) -> None:
        for _ in range(round(seconds / LOOKS_EVERY_S)):
            clock.move(LOOKS_EVERY_S + 1e-6)
            look()

    return wait


def test_slow_calls_trip_and_end_their_waits(
    guard: DirectGuard, breaker: Breaker, look_until: Callable[[float], None]
) -> None:
    """A waiting call reports that it is slow; after the trip, each look ends the wait."""

    def hang() -> None:
        assert look() == LOOKS_EVERY_S
        assert all(breaker.admit() for _ in range(2))
        look_until(SLOW_CALL_S)
        pytest.fail("the wait goes on")

    with pytest.raises(CallRefused):
        guard.call(hang)

    assert breaker.state is State.OPEN
    assert (breaker.snapshot().calls.late, guard.snapshot().bulkhead.in_flight) == (1, 0)


def test_wait_is_looked_at_when_the_call_becomes_slow(
    guard: DirectGuard, clock: ManualClock, look_until: Callable[[float], None]
) -> None:
    """A call that is about to be slow is looked at just then, not later."""

    def almost_slow() -> None:
        look_until(SLOW_CALL_S - LOOKS_EVERY_S)
        clock.move(0.03)
        assert look() == pytest.approx(0.02, abs=1e-4)
        clock.move(0.02)
        assert look() == LOOKS_EVERY_S, "and not more often when it is slow"

    guard.call(almost_slow)


def test_machine_that_stands_still_is_no_hang(guard: DirectGuard, breaker: Breaker, clock: ManualClock) -> None:
    """Time in which this process could not look at a wait does not make the call slow."""

    def stalled() -> None:
        assert all(breaker.admit() for _ in range(5))
        for _ in range(3):
            clock.move(10)
            look()

    guard.call(stalled)
    assert breaker.state is State.CLOSED


def test_probes_learn_what_users_ask(guard: DirectGuard, breaker: Breaker) -> None:
    """The probe repeats the last call that a user wanted, and knows the last good one."""
    guard.call(lambda: "good")
    fail(breaker)
    with pytest.raises(CallRefused):
        guard.call(lambda: "refused")

    assert (guard.probe_call.asked(), guard.probe_call.answered()) == ("refused", "good")
