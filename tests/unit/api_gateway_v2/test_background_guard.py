"""The guarded call in the background: bulkhead, deadline, release, and what counts as a failure.

Calls hang on an event until the test ends them. Time is the clock that the tests move, so no test waits for a timeout.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from operator import truediv
from typing import Any

import pytest
from structlog.testing import capture_logs

from api_gateway_v2.background_guard import BackgroundGuard, GuardedCall
from api_gateway_v2.breaker import Breaker
from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.bulkhead import Bulkhead, FixedLimit
from api_gateway_v2.permits import CallKind
from api_gateway_v2.probe_call import ProbeCall
from api_gateway_v2.transitions import Control, State
from shopkit import request_ids
from shopkit.errors import BadAnswer, DeadlineExceeded, RequestRejected, Unreachable
from support.circuits import EventRecorder, FailingListener, ManualClock, admitted, fail, reasons

MakeGuard = Callable[..., BackgroundGuard]
PollUntil = Callable[..., None]
FOREVER_S = 60.0


@pytest.fixture
def breaker(make_breaker: Callable[..., Breaker]) -> Breaker:
    """Return a CLOSED circuit for which no call is slow."""
    return make_breaker(slow_call_s=FOREVER_S)


@pytest.fixture
def probe_call() -> ProbeCall:
    """Return what the probes of the guard would ask."""
    return ProbeCall(lambda: "first")


@pytest.fixture
def make_guard(breaker: Breaker, probe_call: ProbeCall) -> MakeGuard:
    """Return a function that makes a guard, with a long deadline unless told otherwise."""

    def make(
        max_concurrent: int = 10,
        deadline_s: float = FOREVER_S,
        patience_s: float = FOREVER_S,
        breaker: Breaker = breaker,
    ) -> BackgroundGuard:
        bulkhead = Bulkhead[GuardedCall[Any]](FixedLimit(max_concurrent), max_concurrent)
        guard = BackgroundGuard(breaker, bulkhead, probe_call, deadline_s=deadline_s, patience_s=patience_s)
        breaker.add_listener(guard)
        return guard

    return make


@pytest.fixture
def events(breaker: Breaker) -> EventRecorder:
    """Return a recorder of the events that the listeners of `breaker` receive."""
    recorder = EventRecorder()
    breaker.add_listener(recorder)
    return recorder


class HangingCall:
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
def hang() -> Iterator[HangingCall]:
    """Return a call that hangs until the test ends."""
    call = HangingCall()
    yield call
    call.let_go.set()


def test_returns_the_answer(make_guard: MakeGuard, breaker: Breaker) -> None:
    """A successful call gives its answer, which is not degraded."""
    guard = make_guard()

    assert guard.start(lambda a, b: a + b, 1, b=2).result_or(0) == (3, False)
    assert breaker.snapshot().calls.successful == 1


@pytest.mark.parametrize("answer", [None, [], 0])
def test_empty_answer_is_an_answer(make_guard: MakeGuard, answer: object) -> None:
    """None, an empty list and zero are answers and do not give the fallback."""
    assert make_guard().start(lambda: answer).result_or("fallback") == (answer, False)


def test_start_returns_while_the_call_runs(make_guard: MakeGuard, hang: HangingCall) -> None:
    """The call runs on a thread of the bulkhead, named after the dependency, while the caller continues."""
    call = make_guard().start(hang)
    assert hang.running.acquire(timeout=FOREVER_S)
    assert [thread for thread in threading.enumerate() if thread.name == "bulkhead-recommendations-service-9"]

    hang.let_go.set()

    assert call.result_or("") == ("late", False)


def test_healthy_calls_run_in_parallel(make_guard: MakeGuard) -> None:
    """Twenty calls are in the dependency at the same time."""
    guard = make_guard(max_concurrent=20)
    together = threading.Barrier(20)
    with ThreadPoolExecutor(20) as users:
        calls = [users.submit(lambda: guard.start(together.wait, FOREVER_S).result_or(-1)) for _ in range(20)]
        answers = [call.result() for call in calls]

    assert sorted(place for place, _ in answers) == list(range(20))
    assert not any(degraded for _, degraded in answers)


def test_deadline_ends_the_wait(make_guard: MakeGuard, hang: HangingCall, breaker: Breaker, clock: ManualClock) -> None:
    """A call that reaches its deadline gives the fallback and counts as one failure, with its reason."""
    guard = make_guard(deadline_s=2)
    calls = [guard.start(hang) for _ in range(3)]
    clock.move(2)

    assert calls[0].result_or("fallback") == ("fallback", True)
    assert (breaker.snapshot().calls.failed, breaker.snapshot().failure_count) == (1, 1)
    for call in calls[1:]:
        call.result_or("fallback")
    assert breaker.state is State.OPEN


def test_patience_ends_the_wait_and_not_the_call(
    make_guard: MakeGuard, hang: HangingCall, make_breaker: Callable[..., Breaker], clock: ManualClock
) -> None:
    """A request whose patience is over gives the fallback, and its call goes on."""
    breaker = make_breaker(slow_call_s=0.5)
    guard = make_guard(deadline_s=2, patience_s=0.9, breaker=breaker)
    call = guard.start(hang)
    clock.move(0.9)

    assert call.result_or("fallback") == ("fallback", True)
    assert guard.snapshot().bulkhead.in_flight == 1
    assert breaker.snapshot().calls.failed == 0


def test_patience_lasts_until_a_call_is_slow(make_guard: MakeGuard, make_breaker: Callable[..., Breaker]) -> None:
    """No request leaves before it could tell that its call is slow, nor waits beyond the deadline."""
    breaker = make_breaker(slow_call_s=0.5)
    assert make_guard(deadline_s=2, patience_s=0.1, breaker=breaker).patience_s == 0.5
    assert make_guard(deadline_s=0.3, patience_s=0.1, breaker=breaker).patience_s == 0.3


def test_deadline_is_the_reason_of_a_trip(
    make_guard: MakeGuard, hang: HangingCall, breaker: Breaker, clock: ManualClock
) -> None:
    """Late calls in a row trip the circuit, and the reason names the dependency and the deadline."""
    guard = make_guard(deadline_s=2.5)
    fail(breaker, 2)
    call = guard.start(hang)
    clock.move(2.5)
    call.result_or("")

    assert reasons(breaker) == ["3 consecutive failures: recommendations-service did not answer within 2.5 s"]


@pytest.mark.parametrize("slow_call_s", [0.01, FOREVER_S])
def test_deadline_holds_in_real_time(make_guard: MakeGuard, hang: HangingCall, slow_call_s: float) -> None:
    """On the real clock the wait ends at the deadline, also when the slow-call time is longer."""
    breaker = Breaker("recommendations-service", BreakerSettings(slow_call_s=slow_call_s))
    guard = make_guard(deadline_s=0.03, breaker=breaker)
    started = time.monotonic()

    assert guard.start(hang).result_or("fallback") == ("fallback", True)

    assert 0.03 <= time.monotonic() - started < FOREVER_S / 2
    assert breaker.snapshot().calls.failed == 1


def test_waits_for_what_is_left_of_the_time(make_guard: MakeGuard, hang: HangingCall, clock: ManualClock) -> None:
    """The wait lasts until the call has a given age; an older call is not waited for."""
    call = make_guard().start(hang)
    assert isinstance(call, GuardedCall)
    waits: list[float] = []

    class Release:
        def get(self, timeout: float) -> None:
            waits.append(timeout)

        def put(self, item: None) -> None:
            """End no wait."""

    call.release = Release()  # type: ignore[assignment]
    for moved_s in (0, 0.5, 3):
        clock.move(moved_s)
        assert call._wait_until_age(2)

    assert waits == [2, 1.5, 0]


def test_open_circuit_refuses_at_once(make_guard: MakeGuard, breaker: Breaker) -> None:
    """While the circuit is OPEN no call is made and the request gets its fallback."""
    guard = make_guard()
    fail(breaker)
    called: list[int] = []

    assert guard.start(called.append, 1).result_or(None) == (None, True)
    assert called == []
    assert breaker.snapshot().calls.short_circuited == 1
    assert guard.snapshot().bulkhead.refused == 0


def test_full_bulkhead_refuses_at_once(make_guard: MakeGuard, hang: HangingCall, breaker: Breaker) -> None:
    """A call beyond the bulkhead's size gets the fallback; it is counted apart and is no failure."""
    guard = make_guard(max_concurrent=2)
    inside = [guard.start(hang) for _ in range(2)]

    assert [guard.start(hang).result_or("fallback") for _ in range(5)] == [("fallback", True)] * 5
    snapshot = guard.snapshot()
    assert (snapshot.bulkhead.in_flight, snapshot.bulkhead.refused, snapshot.circuit.failure_count) == (2, 5, 0)
    assert snapshot.circuit == breaker.snapshot()

    hang.let_go.set()
    assert [call.result_or("") for call in inside] == [("late", False)] * 2


def test_call_frees_its_place(make_guard: MakeGuard) -> None:
    """A bulkhead of one serves call after call, whether they succeed or fail."""
    guard = make_guard(max_concurrent=1)
    for n in range(50):
        assert guard.start(truediv, 1, n % 2).result_or(0.0) == (n % 2, n % 2 == 0)
        assert guard.snapshot().bulkhead.in_flight == 0


def test_slow_calls_trip_and_release_every_request(
    make_guard: MakeGuard, hang: HangingCall, make_breaker: Callable[..., Breaker], clock: ManualClock
) -> None:
    """When the first of ten waiting requests finds its call slow, all ten get the fallback before the deadline."""
    breaker = make_breaker(slow_call_s=0.5)
    guard = make_guard(breaker=breaker)
    with ThreadPoolExecutor(10) as users:
        calls = [guard.start(hang) for _ in range(10)]
        clock.move(0.5)
        waiting = [users.submit(call.result_or, "fallback") for call in calls]
        answers = [user.result(timeout=FOREVER_S / 2) for user in waiting]

    assert answers == [("fallback", True)] * 10
    assert breaker.state is State.OPEN
    assert reasons(breaker) == ["10 calls wait, one for 0.5 s, and none has succeeded since it began"]


def test_trip_by_failures_releases_waiting_requests(make_guard: MakeGuard, hang: HangingCall, breaker: Breaker) -> None:
    """Whatever trips the circuit releases the requests that wait, and their calls are no failures."""
    waiting = make_guard().start(hang)
    fail(breaker)

    assert waiting.result_or("fallback") == ("fallback", True)
    assert breaker.snapshot().calls.failed == 3


def test_request_that_was_released_keeps_an_answer_in_time(
    make_guard: MakeGuard, breaker: Breaker, poll_until: PollUntil
) -> None:
    """A trip does not take away an answer that has already arrived."""
    call = make_guard().start(lambda: "answer")
    assert isinstance(call, GuardedCall)
    poll_until(lambda: breaker.snapshot().calls.successful == 1)
    fail(breaker)

    assert call.result_or("fallback") == ("answer", False)


def test_trip_between_admission_and_bulkhead_releases_the_call(
    make_guard: MakeGuard, hang: HangingCall, breaker: Breaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that the trip missed, because it was admitted but not yet in the bulkhead, is not waited for."""
    guard = make_guard()
    early = admitted(breaker)
    fail(breaker)
    monkeypatch.setattr(breaker, "admit", lambda: early)

    assert guard.start(hang).result_or("fallback") == ("fallback", True)


def test_transition_releases_only_calls_from_before_it(
    make_guard: MakeGuard, hang: HangingCall, breaker: Breaker
) -> None:
    """A transition that is delivered late does not release calls that were admitted after it."""
    guard = make_guard()
    fail(breaker)
    breaker.take_control(Control.FORCED_CLOSED)
    call = guard.start(hang)
    guard.on_transition(breaker.snapshot().transitions[0])
    hang.let_go.set()

    assert call.result_or("fallback") == ("late", False)


def test_late_results_change_nothing(
    make_guard: MakeGuard, hang: HangingCall, breaker: Breaker, poll_until: PollUntil
) -> None:
    """Calls that return after the trip that released their requests count as late."""
    guard = make_guard()
    for _ in range(3):
        guard.start(hang)
    fail(breaker)
    hang.let_go.set()

    poll_until(lambda: breaker.snapshot().calls.late == 3)
    assert (breaker.state, breaker.snapshot().calls.successful) == (State.OPEN, 0)


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("recommendations-service", "is away"),
        DeadlineExceeded("recommendations-service", "is late"),
        BadAnswer("recommendations-service", "answered 500"),
        ZeroDivisionError("a bug is a failure too"),
        SystemExit("even this must not take a place in the bulkhead"),
    ],
)
def test_error_is_a_failure_and_gives_the_fallback(
    make_guard: MakeGuard, breaker: Breaker, error: BaseException
) -> None:
    """Whatever a call raises is a failure of the dependency, and the cause of a trip."""

    def broken() -> str:
        raise error

    guard = make_guard()

    assert [guard.start(broken).result_or("fallback") for _ in range(3)] == [("fallback", True)] * 3
    assert reasons(breaker) == [f"3 consecutive failures: {error}"]


def test_rejection_is_neutral(make_guard: MakeGuard, breaker: Breaker) -> None:
    """A rejected request gives the fallback and speaks neither for nor against the dependency."""

    def reject() -> str:
        raise RequestRejected(404, "no such product")

    fail(breaker, 2)

    assert make_guard().start(reject).result_or("fallback") == ("fallback", True)
    assert (breaker.snapshot().calls.ignored, breaker.snapshot().failure_count) == (1, 2)


def test_call_runs_under_the_request_id(make_guard: MakeGuard) -> None:
    """The call carries the id of the request that wants its answer."""
    request_ids.begin("follow-me")

    assert make_guard().start(request_ids.current).result_or("") == ("follow-me", False)


def test_listener_receives_every_call(
    make_guard: MakeGuard, events: EventRecorder, clock: ManualClock, poll_until: PollUntil
) -> None:
    """Each call that ends is reported with its duration and how it ended."""
    guard = make_guard()

    def take(seconds: float, divisor: int) -> float:
        clock.move(seconds)
        return 1 / divisor

    guard.start(take, 0.5, 1).result_or(0)
    poll_until(lambda: len(events.calls) == 1)
    guard.start(take, 1.5, 0).result_or(0)
    poll_until(lambda: len(events.calls) == 2)

    assert events.calls == [(0.5, CallKind.SUCCESSFUL), (1.5, CallKind.FAILED)]


def test_listener_receives_every_answer(
    make_guard: MakeGuard, breaker: Breaker, hang: HangingCall, events: EventRecorder, clock: ManualClock
) -> None:
    """An answer is full or degraded: refused by the bulkhead, late, failed, or refused by the circuit."""
    guard = make_guard(max_concurrent=1, deadline_s=2)
    guard.start(lambda: "answer").result_or("")
    late = guard.start(hang)
    guard.start(lambda: "no place").result_or("")
    clock.move(2)
    late.result_or("")
    fail(breaker, 2)  # the late call was the first
    guard.start(lambda: "open").result_or("")

    assert events.answers == [False, True, True, True]


def test_listener_that_raises_harms_no_request(make_guard: MakeGuard, breaker: Breaker) -> None:
    """A request gets its answer although a listener raises at every event."""
    breaker.add_listener(FailingListener())
    guard = make_guard()

    with capture_logs():
        assert guard.start(lambda: "answer").result_or("") == ("answer", False)
        fail(breaker)
        assert guard.start(lambda: "answer").result_or("") == ("", True)


def test_call_is_not_slow_before_the_slow_call_time(
    make_guard: MakeGuard, hang: HangingCall, make_breaker: Callable[..., Breaker], clock: ManualClock
) -> None:
    """Where the deadline comes first, calls that reach it are late, not slow."""
    breaker = make_breaker(slow_call_s=5, slow_call_rate=0.1, failure_rate=1.0, minimum_calls=1, fail_max=9)
    guard = make_guard(deadline_s=2, breaker=breaker)
    breaker.settle(admitted(breaker))
    call = guard.start(hang)
    clock.move(2)
    call.result_or("")

    assert (breaker.state, breaker.snapshot().calls.failed) == (State.CLOSED, 1)


def test_probes_learn_what_users_ask(make_guard: MakeGuard, breaker: Breaker, probe_call: ProbeCall) -> None:
    """The probe repeats the last call that a user wanted, made or refused; the last good answer is known apart."""
    guard = make_guard()
    guard.start(lambda: "good").result_or("")
    fail(breaker)
    guard.start(lambda: "refused").result_or("")

    assert (probe_call.asked(), probe_call.answered()) == ("refused", "good")


def test_starts_its_threads_with_the_first_call(
    make_guard: MakeGuard, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without threads calls get the fallback, and a second later one tries again; then calls need no new thread."""
    guard = make_guard(max_concurrent=2)
    with monkeypatch.context() as system, capture_logs() as lines:
        system.setattr(threading.Thread, "start", no_thread_left)
        for _ in range(3):
            assert guard.start(lambda: "answer").result_or("fallback") == ("fallback", True)
        bulkhead = guard.snapshot().bulkhead
        assert (bulkhead.in_flight, bulkhead.refused) == (0, 3)
    (line,) = lines
    assert (line["event"], line["circuit"]) == ("no threads for guarded calls", "recommendations-service")
    assert line["why"].startswith("cannot start 2 threads")

    assert guard.start(lambda: "too early").result_or("fallback") == ("fallback", True)
    clock.move(1)
    assert guard.start(lambda: "answer").result_or("") == ("answer", False)
    with monkeypatch.context() as system:
        system.setattr(threading.Thread, "start", no_thread_left)
        calls = [guard.start(lambda: "answer") for _ in range(2)]
        assert [call.result_or("") for call in calls] == [("answer", False)] * 2


def no_thread_left(_thread: threading.Thread) -> None:
    """Fail as `Thread.start` does at the limit of processes."""
    raise RuntimeError("can't start new thread")
