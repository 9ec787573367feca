"""The guarded call: deadline, bulkhead, release, and what counts as a failure.

Calls hang on an event until the test lets them go; waits are a few hundredths of a second.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from operator import truediv

import pytest

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.guard import Call, Guard
from api_gateway_v2.transitions import State
from shopkit import request_ids
from shopkit.errors import BadAnswer, DeadlineExceeded, RequestRejected, Unreachable
from support.circuits import fail

MakeGuard = Callable[..., Guard]
PollUntil = Callable[..., None]
FOREVER_S = 60.0


@pytest.fixture
def make_guard(breaker: Breaker) -> MakeGuard:
    """Return a function that makes a guard whose waits are long, unless told otherwise."""

    def make(max_concurrent: int = 10, deadline_s: float = FOREVER_S, slow_call_s: float = FOREVER_S) -> Guard:
        return Guard(breaker, max_concurrent=max_concurrent, deadline_s=deadline_s, slow_call_s=slow_call_s)

    return make


class Hang:
    """A call that does not return until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.running = threading.Semaphore(0)

    def __call__(self) -> str:
        """Hang."""
        self.running.release()
        self.let_go.wait(FOREVER_S)
        return "late"


@pytest.fixture
def hang() -> Iterator[Hang]:
    """A hanging call; let go at the end."""
    call = Hang()
    yield call
    call.let_go.set()


def test_requests_that_went_without_an_answer_are_counted(make_guard: MakeGuard, breaker: Breaker, hang: Hang) -> None:
    """Refused by the bulkhead, failed, late or refused by the circuit: each is one more; an answer is none."""
    guard = make_guard(max_concurrent=1, deadline_s=0.02)
    guard.start(lambda: "answer").result_or("")
    assert guard.degraded == 0
    late = guard.start(hang)
    guard.start(lambda: "no place").result_or("")
    late.result_or("")
    assert guard.degraded == 2
    fail(breaker, breaker.rules.fail_max - 1)  # the late one was the first
    guard.start(lambda: "open").result_or("")
    assert guard.degraded == 3


def test_answer_comes_back(make_guard: MakeGuard, breaker: Breaker) -> None:
    """A healthy call gives its answer, and is not degraded."""
    guard = make_guard()
    assert guard.start(lambda a, b: a + b, 1, b=2).result_or(0) == (3, False)
    assert breaker.calls.successful == 1


def test_caller_goes_on_while_the_call_runs(make_guard: MakeGuard, hang: Hang) -> None:
    """`start` returns at once; the call runs on a thread of the bulkhead's own."""
    call = make_guard().start(hang)
    assert hang.running.acquire(timeout=FOREVER_S)
    hang.let_go.set()
    assert call.result_or("") == ("late", False)


def test_answer_of_nothing_is_an_answer(make_guard: MakeGuard) -> None:
    """None and empty lists are answers, not fallbacks."""
    assert make_guard().start(lambda: None).result_or(None) == (None, False)


def test_healthy_calls_run_side_by_side(make_guard: MakeGuard) -> None:
    """Twenty calls are in the dependency at the same time: nothing serializes them."""
    guard = make_guard(max_concurrent=20)
    together = threading.Barrier(20)
    with ThreadPoolExecutor(20) as users:
        calls = [users.submit(lambda: guard.start(together.wait, FOREVER_S).result_or(-1)) for _ in range(20)]
        answers = [call.result() for call in calls]
    assert sorted(place for place, _ in answers) == list(range(20))
    assert not any(degraded for _, degraded in answers)


def test_deadline_ends_the_wait(make_guard: MakeGuard, hang: Hang, breaker: Breaker) -> None:
    """A call that is late gives the fallback, and counts as a failure once, whatever it still does."""
    guard = make_guard(deadline_s=0.05)
    assert guard.start(hang).result_or("fallback") == ("fallback", True)
    assert (breaker.calls.failed, breaker.failure_count) == (1, 1)


def test_deadline_holds_without_a_slow_call_time_before_it(make_guard: MakeGuard, hang: Hang) -> None:
    """A slow-call time longer than the deadline does not stretch it."""
    started = time.monotonic()
    make_guard(deadline_s=0.05, slow_call_s=FOREVER_S).start(hang).result_or("")
    assert time.monotonic() - started < FOREVER_S / 2


def test_deadline_counts_from_the_start_of_the_call(make_guard: MakeGuard, hang: Hang) -> None:
    """Who comes back for the answer after the deadline does not wait at all."""
    call = make_guard(deadline_s=0.01).start(hang)
    assert hang.running.acquire(timeout=FOREVER_S)
    assert isinstance(call, Call)
    while call.age_s() < 0.01:
        pass
    assert call.result_or("fallback") == ("fallback", True)


def test_open_circuit_refuses_at_once(make_guard: MakeGuard, breaker: Breaker) -> None:
    """Nothing is called, nobody waits."""
    fail(breaker)
    called: list[int] = []
    assert make_guard().start(called.append, 1).result_or(None) == (None, True)
    assert called == []
    assert breaker.calls.short_circuited == 1


def test_full_bulkhead_refuses_at_once_and_blames_nobody(make_guard: MakeGuard, hang: Hang, breaker: Breaker) -> None:
    """With both places taken the next calls get the fallback, are counted apart, and are no failures."""
    guard = make_guard(max_concurrent=2)
    inside = [guard.start(hang) for _ in range(2)]
    assert [guard.start(hang).result_or("fallback") for _ in range(5)] == [("fallback", True)] * 5
    assert (guard.in_flight, guard.bulkhead_full, breaker.failure_count) == (2, 5, 0)
    hang.let_go.set()
    assert [call.result_or("") for call in inside] == [("late", False)] * 2


def test_place_is_free_again_after_a_call(make_guard: MakeGuard, poll_until: PollUntil) -> None:
    """A bulkhead of one serves call after call, whether they fail or not."""
    guard = make_guard(max_concurrent=1)
    for n in range(50):
        assert guard.start(truediv, 1, n % 2).result_or(0.0)[0] == n % 2
        poll_until(lambda: guard.in_flight == 0)


def test_slow_calls_trip_and_release_everyone(make_guard: MakeGuard, hang: Hang, breaker: Breaker) -> None:
    """Ten requests wait on a hang; when three are slow, all ten have their fallback, long before the deadline."""
    guard = make_guard(slow_call_s=0.05)
    with ThreadPoolExecutor(10) as users:
        calls = [users.submit(lambda: guard.start(hang).result_or("fallback")) for _ in range(10)]
        answers = [call.result(timeout=FOREVER_S / 2) for call in calls]
    assert answers == [("fallback", True)] * 10
    assert breaker.state is State.OPEN
    assert [transition.why for transition in breaker.transitions] == ["3 slow calls in flight"]


def test_trip_by_failures_releases_those_who_wait(make_guard: MakeGuard, hang: Hang, breaker: Breaker) -> None:
    """Whatever trips the circuit, nobody waits on behind it."""
    waiting = make_guard().start(hang)
    fail(breaker)
    assert waiting.result_or("fallback") == ("fallback", True)


def test_late_answers_after_a_trip_change_nothing(
    make_guard: MakeGuard, hang: Hang, breaker: Breaker, poll_until: PollUntil
) -> None:
    """The calls that hung are counted as late when they come back, and the circuit stays OPEN."""
    guard = make_guard(slow_call_s=0.01)
    with ThreadPoolExecutor(3) as users:
        for user in [users.submit(lambda: guard.start(hang).result_or("fallback")) for _ in range(3)]:
            user.result()
    hang.let_go.set()
    poll_until(lambda: breaker.calls.late == 3)
    assert (breaker.state, breaker.calls.successful) == (State.OPEN, 0)


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("recommendations-service", "is away"),
        DeadlineExceeded("recommendations-service", "is late"),
        BadAnswer("recommendations-service", "answered 500"),
        ZeroDivisionError("a bug is a failure too"),
    ],
)
def test_fault_gives_the_fallback_and_counts(make_guard: MakeGuard, breaker: Breaker, error: Exception) -> None:
    """Every error of the call is the dependency's failure; its cause is kept for the reason of a trip."""

    def broken() -> str:
        raise error

    guard = make_guard()
    assert [guard.start(broken).result_or("fallback") for _ in range(3)] == [("fallback", True)] * 3
    assert breaker.transitions[0].why == f"3 consecutive failures: {error}"


def test_rejection_is_an_answer_and_no_failure(make_guard: MakeGuard, breaker: Breaker) -> None:
    """A 404 of the dependency proves that it is well; the request goes on without its answer."""

    def reject() -> str:
        raise RequestRejected(404, "no such product")

    fail(breaker, 2)
    assert make_guard().start(reject).result_or("fallback") == ("fallback", True)
    assert (breaker.calls.successful, breaker.failure_count) == (1, 0)


def test_request_id_goes_along(make_guard: MakeGuard) -> None:
    """The call runs under the id of the request that wants it."""
    request_ids.begin("follow-me")
    assert make_guard().start(request_ids.current).result_or("") == ("follow-me", False)


def test_observer_hears_of_every_call(make_guard: MakeGuard, poll_until: PollUntil) -> None:
    """Duration and result of each call that was made; refused ones are none."""
    guard = make_guard()
    heard: list[tuple[bool, bool]] = []
    guard.observe = lambda duration_s, *, failed: heard.append((duration_s >= 0, failed))
    guard.start(lambda: 1).result_or(0)
    poll_until(lambda: len(heard) == 1)
    guard.start(lambda: 1 // 0).result_or(0)
    poll_until(lambda: len(heard) == 2)
    assert heard == [(True, False), (True, True)]
