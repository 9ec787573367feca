"""Every change of state of the circuit, and its reason."""

from collections.abc import Callable

import pytest

from api_gateway_v2.breaker import TRANSITIONS_KEPT, Breaker
from api_gateway_v2.transitions import Control, State, Transition
from support.circuits import Clock, admitted, fail, probe, succeed

MakeBreaker = Callable[..., Breaker]


def reasons(breaker: Breaker) -> list[str]:
    """Return the reason of each transition."""
    return [transition.why for transition in breaker.transitions]


def test_healthy_calls_pass(breaker: Breaker) -> None:
    """A closed circuit admits every call and counts it."""
    succeed(breaker, 50)
    assert (breaker.state, breaker.calls.successful, breaker.failure_count) == (State.CLOSED, 50, 0)


def test_consecutive_failures_trip(breaker: Breaker) -> None:
    """The third failure in a row opens the circuit, with its cause in the reason."""
    fail(breaker, 2)
    assert (breaker.state, breaker.failure_count) == (State.CLOSED, 2)
    fail(breaker, 1, TimeoutError("too late"))
    assert breaker.state is State.OPEN
    assert reasons(breaker) == ["3 consecutive failures: too late"]


def test_success_starts_the_count_again(breaker: Breaker) -> None:
    """Failures that are not in a row do not trip."""
    for _ in range(20):
        fail(breaker, 2)
        succeed(breaker)
    assert (breaker.state, breaker.failure_count) == (State.CLOSED, 0)


def test_every_second_failure_never_trips_by_count(breaker: Breaker) -> None:
    """A dependency that fails every second call is invisible to a rule about failures in a row."""
    for _ in range(500):
        fail(breaker, 1)
        succeed(breaker)
    assert breaker.state is State.CLOSED


def test_every_second_failure_trips_by_rate(make_breaker: MakeBreaker) -> None:
    """The same dependency trips a rule about the failure rate, as soon as there are enough calls."""
    breaker = make_breaker(failure_rate=0.5, window_calls=20, minimum_calls=10)
    for _ in range(4):
        fail(breaker, 1)
        succeed(breaker)
    states = [breaker.state]
    fail(breaker, 1)
    succeed(breaker)
    assert [*states, breaker.state] == [State.CLOSED, State.OPEN]
    assert reasons(breaker) == ["5 of the last 10 calls failed"]


def test_failure_rate_starts_afresh_after_recovery(make_breaker: MakeBreaker, clock: Clock) -> None:
    """The failures that tripped the circuit are not held against it once it has closed."""
    breaker = make_breaker(failure_rate=0.5, window_calls=4, minimum_calls=2)
    fail(breaker, 2)
    clock.move(10)
    probe(breaker)
    assert (breaker.state, breaker.failure_count) == (State.CLOSED, 0)
    succeed(breaker, 2)
    fail(breaker, 1)
    assert breaker.state is State.CLOSED


def test_open_circuit_refuses(breaker: Breaker) -> None:
    """While OPEN nothing is admitted, and every refusal is counted."""
    fail(breaker)
    assert [breaker.admit() for _ in range(5)] == [None] * 5
    assert breaker.calls.short_circuited == 5


def test_probe_is_due_after_the_cooldown(breaker: Breaker, clock: Clock) -> None:
    """Not before 10 s, on the clock that was passed in; then once."""
    fail(breaker)
    clock.move(9.999)
    assert breaker.begin_probe() is None
    assert breaker.probe_due_in_s() == pytest.approx(0.001)
    clock.move(0.001)
    assert breaker.begin_probe() is not None
    assert breaker.begin_probe() is None, "one probe at a time"
    assert breaker.state is State.HALF_OPEN
    assert breaker.probe_due_in_s() is None


def test_users_are_refused_during_a_probe(breaker: Breaker, clock: Clock) -> None:
    """No user's call is the trial."""
    fail(breaker)
    clock.move(10)
    breaker.begin_probe()
    assert breaker.admit() is None


def test_successful_probe_closes(breaker: Breaker, clock: Clock) -> None:
    """The circuit recovers, and says why it moved at each step."""
    fail(breaker)
    clock.move(10)
    probe(breaker)
    assert breaker.state is State.CLOSED
    assert reasons(breaker) == ["3 consecutive failures: refused", "cooldown over", "probe succeeded"]
    assert [(t.from_state, t.to_state) for t in breaker.transitions] == [
        ("CLOSED", "OPEN"),
        ("OPEN", "HALF-OPEN"),
        ("HALF-OPEN", "CLOSED"),
    ]


def test_failed_probe_opens_for_another_cooldown(breaker: Breaker, clock: Clock) -> None:
    """One failure is enough in HALF-OPEN, and the cooldown starts again."""
    fail(breaker)
    clock.move(10)
    probe(breaker, TimeoutError("still late"))
    assert breaker.state is State.OPEN
    assert reasons(breaker)[-1] == "probe failed: still late"
    assert breaker.probe_due_in_s() == 10


def test_cooldown_grows_with_each_failed_probe_and_starts_small_again(make_breaker: MakeBreaker, clock: Clock) -> None:
    """With growth 2 the cooldowns are 10, 20, 40, 50, 50 s; after a recovery the first is 10 s again."""
    breaker = make_breaker(reset_growth=2, reset_timeout_max_s=50)
    fail(breaker)
    cooldowns = []
    for _ in range(5):
        cooldowns.append(breaker.probe_due_in_s())
        clock.move(cooldowns[-1] or 0)
        probe(breaker, TimeoutError())
    assert cooldowns == [10, 20, 40, 50, 50]
    clock.move(50)
    probe(breaker)
    fail(breaker)
    assert breaker.probe_due_in_s() == 10


def test_slow_calls_in_flight_trip(breaker: Breaker) -> None:
    """The third call that is in flight for too long opens the circuit; none of them has ended."""
    calls = [admitted(breaker) for _ in range(3)]
    for call in calls[:2]:
        breaker.slow(call)
        breaker.slow(call)  # saying it twice counts once
    states = [breaker.state]
    breaker.slow(calls[2])
    assert [*states, breaker.state] == [State.CLOSED, State.OPEN]
    assert reasons(breaker) == ["3 slow calls in flight"]


def test_slow_calls_that_ended_do_not_trip(breaker: Breaker) -> None:
    """Slow calls count while they are in flight, not afterwards."""
    for _ in range(20):
        call = admitted(breaker)
        breaker.slow(call)
        breaker.settle(call)
        breaker.slow(call)
    assert breaker.state is State.CLOSED


def test_late_success_does_not_close_an_open_circuit(breaker: Breaker) -> None:
    """A result from before the trip is counted as late and changes nothing."""
    early = admitted(breaker)
    fail(breaker)
    breaker.settle(early)
    assert (breaker.state, breaker.calls.late, breaker.calls.successful) == (State.OPEN, 1, 0)


def test_late_failures_do_not_trip_again(breaker: Breaker, clock: Clock) -> None:
    """Twenty calls that hung before the trip make one trip, and do not spoil the circuit that has recovered since."""
    hung = [admitted(breaker) for _ in range(20)]
    fail(breaker)
    clock.move(10)
    probe(breaker)
    for call in hung:
        breaker.settle(call, TimeoutError())
    assert (breaker.state, breaker.failure_count, breaker.calls.late) == (State.CLOSED, 0, 20)


def test_late_result_does_not_answer_for_the_probe(breaker: Breaker, clock: Clock) -> None:
    """Only the probe itself moves a HALF-OPEN circuit."""
    early = admitted(breaker)
    fail(breaker)
    clock.move(10)
    breaker.begin_probe()
    breaker.settle(early)
    breaker.slow(early)
    assert breaker.state is State.HALF_OPEN


def test_call_is_settled_once(breaker: Breaker) -> None:
    """When both the waiting request and the call itself report, the first counts."""
    call = admitted(breaker)
    breaker.settle(call, TimeoutError())
    breaker.settle(call)
    assert (breaker.calls.failed, breaker.calls.successful, breaker.failure_count) == (1, 0, 1)


class Recorder:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.heard: list[tuple[State, State]] = []

    def transition(self, transition: Transition) -> None:
        """Remember it."""
        self.heard.append((transition.from_state, transition.to_state))


class Troublemaker:
    """A listener that raises."""

    def transition(self, transition: Transition) -> None:
        """Raise."""
        raise RuntimeError(transition.why)


def test_listener_that_raises_changes_nothing(breaker: Breaker) -> None:
    """The circuit opens all the same, and the next listener hears of it."""
    recorder = Recorder()
    breaker.add_listener(Troublemaker())
    breaker.add_listener(recorder)
    fail(breaker)
    assert breaker.state is State.OPEN
    assert recorder.heard == [(State.CLOSED, State.OPEN)]


def test_listener_sees_the_new_state_and_may_call_back(breaker: Breaker) -> None:
    """Listeners run after the change and outside the lock."""
    seen: list[object] = []

    class Curious:
        def transition(self, transition: Transition) -> None:
            seen.append((breaker.state, breaker.admit(), transition.to_state))

    breaker.add_listener(Curious())
    fail(breaker)
    assert seen == [(State.OPEN, None, State.OPEN)]


def test_only_the_last_transitions_are_kept(breaker: Breaker, clock: Clock) -> None:
    """The history does not grow for ever."""
    fail(breaker)
    for _ in range(TRANSITIONS_KEPT):
        clock.move(10)
        probe(breaker, TimeoutError())
    assert len(breaker.transitions) == TRANSITIONS_KEPT


def test_forced_open_stays_open(breaker: Breaker, clock: Clock) -> None:
    """Nothing is admitted and no probe is made until the operator says so."""
    breaker.take_control(Control.FORCED_OPEN)
    clock.move(1_000_000)
    assert (breaker.state, breaker.admit(), breaker.begin_probe()) == (State.OPEN, None, None)
    assert breaker.probe_due_in_s() is None
    assert reasons(breaker) == ["forced open by the operator"]


def test_forced_closed_stays_closed(breaker: Breaker) -> None:
    """Failures and slow calls are counted, and do not trip."""
    fail(breaker)
    breaker.take_control(Control.FORCED_CLOSED)
    fail(breaker, 20)
    for call in [admitted(breaker) for _ in range(20)]:
        breaker.slow(call)
    assert (breaker.state, breaker.calls.failed) == (State.CLOSED, 23)


def test_forced_closed_by_rate_stays_closed(make_breaker: MakeBreaker) -> None:
    """The failure rate does not trip either."""
    breaker = make_breaker(failure_rate=0.1, window_calls=10, minimum_calls=1)
    breaker.take_control(Control.FORCED_CLOSED)
    fail(breaker, 20)
    succeed(breaker)
    assert breaker.state is State.CLOSED


def test_automatic_after_forced_open_probes_at_once(breaker: Breaker) -> None:
    """The rules take over with a probe, not with a flood."""
    breaker.take_control(Control.FORCED_OPEN)
    breaker.take_control(Control.AUTOMATIC)
    assert (breaker.state, breaker.probe_due_in_s()) == (State.OPEN, 0)
    probe(breaker)
    assert breaker.state is State.CLOSED


def test_automatic_after_forced_closed_trips_again(breaker: Breaker) -> None:
    """The rules take over where they are."""
    breaker.take_control(Control.FORCED_CLOSED)
    breaker.take_control(Control.AUTOMATIC)
    fail(breaker)
    assert breaker.state is State.OPEN


def test_operator_overrules_a_running_probe(breaker: Breaker, clock: Clock) -> None:
    """The result of a probe from before the order is late."""
    fail(breaker)
    clock.move(10)
    permit = breaker.begin_probe()
    assert permit is not None
    breaker.take_control(Control.FORCED_OPEN)
    breaker.settle(permit)
    assert (breaker.state, breaker.calls.late) == (State.OPEN, 1)


def test_control_that_changes_nothing_leaves_no_trace(breaker: Breaker) -> None:
    """Automatic on an automatic circuit, or open on an open one, is no transition."""
    breaker.take_control(Control.AUTOMATIC)
    fail(breaker)
    breaker.take_control(Control.FORCED_OPEN)
    assert len(breaker.transitions) == 1
