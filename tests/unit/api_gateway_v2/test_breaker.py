"""The breaker: every transition and its reason."""

from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from api_gateway_v2.breaker import TRANSITIONS_KEPT, Breaker
from api_gateway_v2.rules import RECENT_S
from api_gateway_v2.transitions import Control, State, Transition
from shopkit.errors import RequestRejected
from support.circuits import EventRecorder, FailingListener, ManualClock, admitted, fail, probe, reasons, succeed

MakeBreaker = Callable[..., Breaker]


def test_closed_circuit_admits_every_call(breaker: Breaker) -> None:
    """A CLOSED circuit admits every call and counts its success."""
    succeed(breaker, 50)

    snapshot = breaker.snapshot()
    assert (snapshot.state, snapshot.calls.successful, snapshot.calls.failed) == (State.CLOSED, 50, 0)


def test_trips_on_consecutive_failures(breaker: Breaker) -> None:
    """The third consecutive failure opens the circuit, and the reason names its cause."""
    fail(breaker, 2)
    assert (breaker.state, breaker.snapshot().failure_count) == (State.CLOSED, 2)

    fail(breaker, 1, TimeoutError("too late"))

    assert breaker.state is State.OPEN
    assert reasons(breaker) == ["3 consecutive failures: too late"]
    assert breaker.snapshot().calls.failed == 3


def test_failure_rate_trips_where_consecutive_failures_do_not(make_breaker: MakeBreaker) -> None:
    """A dependency that fails every second call trips the circuit by rate but never by consecutive failures."""
    by_count, by_rate = make_breaker(), make_breaker(failure_rate=0.5, window_calls=20, minimum_calls=10)
    for breaker in (by_count, by_rate):
        for _ in range(5):
            fail(breaker, 1)
            succeed(breaker)

    assert (by_count.state, by_rate.state) == (State.CLOSED, State.OPEN)
    assert reasons(by_rate) == ["5 of the last 10 calls failed"]


def test_failures_before_a_trip_do_not_count_after_recovery(make_breaker: MakeBreaker, clock: ManualClock) -> None:
    """A circuit that has closed again starts with an empty window."""
    breaker = make_breaker(failure_rate=0.5, window_calls=4, minimum_calls=2)
    fail(breaker, 2)
    clock.move(10)
    probe(breaker)
    assert (breaker.state, breaker.snapshot().failure_count) == (State.CLOSED, 0)

    succeed(breaker, 2)
    fail(breaker, 1)

    assert breaker.state is State.CLOSED


def test_open_circuit_refuses_every_call(breaker: Breaker) -> None:
    """An OPEN circuit admits nothing and counts every refusal."""
    fail(breaker)

    assert [breaker.admit() for _ in range(5)] == [None] * 5
    assert breaker.snapshot().calls.short_circuited == 5


def test_probe_is_due_after_the_cooldown(breaker: Breaker, clock: ManualClock) -> None:
    """One probe is admitted when the cooldown of 10 s is over, and not before."""
    fail(breaker)
    assert breaker.probe_due_in_s() == breaker.snapshot().probe_due_in_s == 10
    clock.move(9.999)
    assert breaker.admit_probe() is None
    assert breaker.probe_due_in_s() == pytest.approx(0.001)

    clock.move(1.001)

    assert breaker.probe_due_in_s() == 0
    assert breaker.admit_probe() is not None
    assert breaker.admit_probe() is None, "one probe at a time"
    assert (breaker.state, breaker.probe_due_in_s()) == (State.HALF_OPEN, None)


def test_probe_is_never_due_while_closed(breaker: Breaker, clock: ManualClock) -> None:
    """A CLOSED circuit makes no probe."""
    clock.move(1_000_000)

    assert (breaker.probe_due_in_s(), breaker.admit_probe()) == (None, None)


def test_refuses_calls_during_a_probe(breaker: Breaker, clock: ManualClock) -> None:
    """A HALF-OPEN circuit admits no call of a user."""
    fail(breaker)
    clock.move(10)
    breaker.admit_probe()

    assert breaker.admit() is None


def test_successful_probe_closes_the_circuit(breaker: Breaker, clock: ManualClock) -> None:
    """A successful probe closes the circuit, and every transition on the way gives its reason."""
    fail(breaker)
    clock.move(10)
    probe(breaker)

    assert breaker.state is State.CLOSED
    assert reasons(breaker) == ["3 consecutive failures: refused", "cooldown over", "probe succeeded"]
    assert [(t.from_state, t.to_state) for t in breaker.snapshot().transitions] == [
        ("CLOSED", "OPEN"),
        ("OPEN", "HALF-OPEN"),
        ("HALF-OPEN", "CLOSED"),
    ]
    assert all(t.at.endswith("+00:00") for t in breaker.snapshot().transitions)


def test_failed_probe_opens_the_circuit_again(breaker: Breaker, clock: ManualClock) -> None:
    """One failed probe is enough to open the circuit for another cooldown."""
    fail(breaker)
    clock.move(10)
    probe(breaker, TimeoutError("still late"))

    assert breaker.state is State.OPEN
    assert reasons(breaker)[-1] == "probe failed: still late"
    assert breaker.probe_due_in_s() == 10


def test_cooldown_grows_with_failed_probes_until_recovery(make_breaker: MakeBreaker, clock: ManualClock) -> None:
    """With growth 2 the cooldowns are 10, 20, 40, 50 and 50 s, and 10 s again after a recovery."""
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


def test_cooldown_has_jitter(make_breaker: MakeBreaker) -> None:
    """The cooldown is drawn from the random numbers that the breaker was given."""
    breaker = make_breaker(reset_jitter=0.2)
    fail(breaker)

    assert breaker.probe_due_in_s() == pytest.approx(12)


def test_trips_on_a_slow_call_while_others_wait(breaker: Breaker, clock: ManualClock) -> None:
    """A slow call in flight opens the circuit when two others wait, before any of them has ended."""
    first, _ = admitted(breaker), admitted(breaker)
    clock.move(0.5)
    breaker.slow(first)
    assert breaker.snapshot().state is State.CLOSED

    admitted(breaker)
    clock.move(0.1)
    breaker.slow(first)

    assert breaker.snapshot().state is State.OPEN
    assert reasons(breaker) == ["3 calls wait, one for 0.5 s, and none has succeeded since it began"]


def test_call_that_is_not_made_does_not_wait(breaker: Breaker, clock: ManualClock) -> None:
    """A permit that is taken back, because the bulkhead is full, counts as nothing."""
    first, *refused = (admitted(breaker) for _ in range(5))
    for permit in refused:
        breaker.withdraw(permit)
    clock.move(0.5)
    breaker.slow(first)

    assert breaker.state is State.CLOSED
    assert breaker.snapshot().calls.ignored == 0


def test_calls_of_a_forced_circuit_do_not_wait(breaker: Breaker, clock: ManualClock) -> None:
    """Calls that an operator let through never trip the circuit after it has returned to its rules."""
    breaker.take_control(Control.FORCED_CLOSED)
    forced = [admitted(breaker) for _ in range(5)]
    breaker.take_control(Control.AUTOMATIC)
    clock.move(0.5)
    breaker.slow(forced[0])

    assert breaker.state is State.CLOSED


def test_rejected_requests_move_no_count(breaker: Breaker) -> None:
    """Rejected requests between failures neither reset their count nor add to it."""
    for _ in range(2):
        fail(breaker, 1)
        fail(breaker, 3, RequestRejected(404, "no such product"))
    assert (breaker.snapshot().failure_count, breaker.snapshot().calls.ignored) == (2, 6)

    fail(breaker, 1)
    assert breaker.state is State.OPEN


def test_rejected_probe_closes_nothing(make_breaker: MakeBreaker, clock: ManualClock) -> None:
    """A probe whose request is rejected opens the circuit for another cooldown, which does not grow."""
    breaker = make_breaker(reset_growth=2)
    fail(breaker)
    clock.move(10)
    probe(breaker, RequestRejected(404, "no such product"))

    assert (breaker.state, breaker.probe_due_in_s()) == (State.OPEN, 10)
    assert reasons(breaker)[-1] == "probe proved nothing: no such product"


def test_rejected_request_is_no_longer_in_flight(breaker: Breaker, clock: ManualClock) -> None:
    """A slow call that ends as a rejected request does not count towards a trip."""
    first, second, third = (admitted(breaker) for _ in range(3))
    clock.move(0.5)
    breaker.settle(first, RequestRejected(404, "no such product"))
    breaker.slow(second)
    breaker.slow(third)

    assert breaker.state is State.CLOSED


def test_several_probes_close_the_circuit(make_breaker: MakeBreaker, clock: ManualClock) -> None:
    """With two probes to close, the second follows at once, one at a time, and a failure begins again."""
    breaker = make_breaker(probes_to_close=2)
    fail(breaker)
    clock.move(10)
    probe(breaker)
    assert (breaker.state, breaker.probe_due_in_s(), breaker.admit()) == (State.HALF_OPEN, 0, None)
    probe(breaker, TimeoutError("late"))
    assert breaker.state is State.OPEN

    clock.move(10)
    probe(breaker)
    second = breaker.admit_probe()
    assert second
    assert (breaker.admit_probe(), breaker.probe_due_in_s()) == (None, None)
    breaker.settle(second)
    assert (breaker.state, reasons(breaker)[-1]) == (State.CLOSED, "2 probes succeeded")


def test_calls_ramp_up_after_recovery(make_breaker: MakeBreaker, clock: ManualClock) -> None:
    """With a ramp of 10 s half of the calls are admitted after 5 s, the others are refused, and then all again."""
    breaker = make_breaker(ramp_s=10)
    assert (breaker.snapshot().admitted_share, breaker.admit() is None) == (1, False)
    fail(breaker)
    assert breaker.snapshot().admitted_share == 0
    clock.move(10)
    probe(breaker)
    clock.move(5)

    assert breaker.snapshot().admitted_share == 0.5
    assert [breaker.admit() is not None for _ in range(4)] == [False, True, False, True]
    assert breaker.snapshot().calls.short_circuited == 2
    clock.move(5)
    assert breaker.admit()


def test_operator_ends_the_ramp(make_breaker: MakeBreaker, clock: ManualClock) -> None:
    """An operator who forces the circuit closed lets every call through at once."""
    breaker = make_breaker(ramp_s=10)
    fail(breaker)
    clock.move(10)
    probe(breaker)
    assert breaker.admit() is None
    breaker.take_control(Control.FORCED_CLOSED)

    assert breaker.admit()


def test_slow_call_rate_trips_by_the_share(make_breaker: MakeBreaker, clock: ManualClock) -> None:
    """Every second call slow is no silence, but a rate that trips."""
    settings = {"failure_rate": 0.5, "slow_call_rate": 0.5, "minimum_calls": 4}
    breaker = make_breaker(**settings)
    for _ in range(2):
        slow, quick = admitted(breaker), admitted(breaker)
        breaker.settle(quick)
        clock.move(0.5)
        breaker.slow(slow)
        breaker.settle(slow)

    assert reasons(breaker) == ["2 of the last 4 calls slower than 0.5 s"]


def test_rates_by_time_use_the_clock(make_breaker: MakeBreaker, clock: ManualClock) -> None:
    """Calls in flight that are slow join those of the last ten seconds, and older ones have left."""
    breaker = make_breaker(failure_rate=1.0, slow_call_rate=0.5, minimum_calls=2, window_s=10)
    succeed(breaker, 9)
    clock.move(20)
    calls = [admitted(breaker) for _ in range(2)]
    clock.move(0.5)
    breaker.slow(calls[0])
    assert breaker.state is State.CLOSED
    breaker.slow(calls[1])

    assert reasons(breaker) == ["2 of the last 2 calls slower than 0.5 s"]


def test_slow_calls_that_have_ended_do_not_trip(breaker: Breaker, clock: ManualClock) -> None:
    """A slow call counts only while it is in flight."""
    for _ in range(20):
        call = admitted(breaker)
        clock.move(0.5)
        breaker.slow(call)
        breaker.settle(call)
        breaker.slow(call)

    assert breaker.state is State.CLOSED


@pytest.mark.parametrize("error", [None, TimeoutError()])
def test_late_results_change_nothing(breaker: Breaker, clock: ManualClock, error: Exception | None) -> None:
    """A result from before a trip counts as late, whether the circuit is OPEN, HALF-OPEN or CLOSED by then."""
    early = [admitted(breaker) for _ in range(9)]
    fail(breaker)
    for call in early[:3]:
        breaker.settle(call, error)
    assert breaker.snapshot().state is State.OPEN

    clock.move(10)
    permit = breaker.admit_probe()
    assert permit
    for call in early[3:6]:
        breaker.slow(call)
        breaker.settle(call, error)
    assert breaker.snapshot().state is State.HALF_OPEN

    breaker.settle(permit)
    for call in early[6:]:
        breaker.slow(call)
        breaker.settle(call, error)
    snapshot = breaker.snapshot()
    assert (snapshot.state, snapshot.failure_count, snapshot.calls.late) == (State.CLOSED, 0, 9)
    assert (snapshot.calls.successful, snapshot.calls.failed) == (1, 3)


def test_settles_each_call_once(breaker: Breaker) -> None:
    """When the waiting request and the call itself both report a result, the first one counts."""
    call = admitted(breaker)
    breaker.settle(call, TimeoutError())
    breaker.settle(call)

    snapshot = breaker.snapshot()
    assert (snapshot.calls.failed, snapshot.calls.successful, snapshot.failure_count) == (1, 0, 1)


def test_snapshot_is_a_copy(breaker: Breaker) -> None:
    """A snapshot keeps its values while the circuit moves on."""
    before = breaker.snapshot()
    fail(breaker)
    breaker.admit()

    assert (before.state, before.control, before.generation) == (State.CLOSED, Control.AUTOMATIC, 0)
    assert (before.calls.failed, before.calls.short_circuited, before.transitions) == (0, 0, ())
    assert breaker.snapshot().generation == 1


def test_keeps_only_the_last_transitions(breaker: Breaker, clock: ManualClock) -> None:
    """The history holds a limited number of transitions, the newest ones."""
    fail(breaker)
    for _ in range(TRANSITIONS_KEPT):
        clock.move(10)
        probe(breaker, TimeoutError())

    transitions = breaker.snapshot().transitions
    assert (len(transitions), transitions[-1].to_state) == (TRANSITIONS_KEPT, State.OPEN)


def test_listener_is_called_after_the_change_and_may_call_back(breaker: Breaker) -> None:
    """A listener is called after the change and without the lock, and later receives the transitions that it causes."""

    class Impatient(EventRecorder):
        def on_transition(self, transition: Transition) -> None:
            super().on_transition(transition)
            if transition.to_state is State.OPEN:
                assert breaker.admit() is None
                breaker.take_control(Control.FORCED_CLOSED)
                assert len(self.transitions) == 1, "the next transition waits until this one is delivered"

    listener = Impatient()
    breaker.add_listener(listener)
    fail(breaker)

    assert listener.moves == [("CLOSED", "OPEN"), ("OPEN", "CLOSED")]


def test_listener_that_raises_changes_nothing(breaker: Breaker) -> None:
    """The circuit opens although a listener raises, and the log names the circuit."""
    breaker.add_listener(FailingListener())
    with capture_logs() as logs:
        fail(breaker)

    assert breaker.state is State.OPEN
    assert [line["circuit"] for line in logs] == ["recommendations-service"]


def test_every_entrance_delivers_its_transitions(breaker: Breaker, clock: ManualClock) -> None:
    """Slow calls, results, probes and operators each tell the listeners at once."""
    recorder = EventRecorder()
    breaker.add_listener(recorder)
    calls = [admitted(breaker) for _ in range(3)]
    clock.move(0.5)
    breaker.slow(calls[0])
    assert recorder.moves == [("CLOSED", "OPEN")]
    clock.move(10)
    permit = breaker.admit_probe()
    assert permit
    assert recorder.moves[1:] == [("OPEN", "HALF-OPEN")]
    breaker.settle(permit)
    assert recorder.moves[2:] == [("HALF-OPEN", "CLOSED")]
    breaker.take_control(Control.FORCED_OPEN)
    assert recorder.moves[3:] == [("CLOSED", "OPEN")]
    assert recorder.controls == [Control.FORCED_OPEN]


def test_forced_open_stays_open(breaker: Breaker, clock: ManualClock) -> None:
    """A circuit that is forced open admits neither calls nor probes, however long it takes."""
    breaker.take_control(Control.FORCED_OPEN)
    clock.move(1_000_000)

    assert (breaker.state, breaker.admit(), breaker.admit_probe()) == (State.OPEN, None, None)
    assert breaker.probe_due_in_s() is None
    assert reasons(breaker) == ["forced open by the operator"]


@pytest.mark.parametrize("settings", [{}, {"failure_rate": 0.1, "window_calls": 10, "minimum_calls": 1}])
def test_forced_closed_stays_closed(make_breaker: MakeBreaker, settings: dict[str, float]) -> None:
    """A circuit that is forced closed does not trip, whatever its calls come to."""
    breaker = make_breaker(**settings)
    fail(breaker, 1 if settings else 3)
    breaker.take_control(Control.FORCED_CLOSED)
    fail(breaker, 20)
    for call in [admitted(breaker) for _ in range(20)]:
        breaker.slow(call)

    snapshot = breaker.snapshot()
    assert (snapshot.state, snapshot.control) == (State.CLOSED, Control.FORCED_CLOSED)
    assert snapshot.calls.failed > 20
    assert reasons(breaker)[-1] == "forced closed by the operator"


def test_probe_is_due_at_once_after_forced_open(breaker: Breaker) -> None:
    """Returning a forced open circuit to automatic is no transition: a probe becomes due at once."""
    breaker.take_control(Control.FORCED_OPEN)
    breaker.take_control(Control.AUTOMATIC)
    assert (breaker.state, breaker.probe_due_in_s()) == (State.OPEN, 0)
    assert len(breaker.snapshot().transitions) == 1

    probe(breaker)

    assert breaker.state is State.CLOSED


def test_trips_again_after_forced_closed(breaker: Breaker) -> None:
    """Returning a forced closed circuit to automatic lets the rules trip it again."""
    breaker.take_control(Control.FORCED_CLOSED)
    breaker.take_control(Control.AUTOMATIC)
    fail(breaker)

    assert breaker.state is State.OPEN


def test_operator_overrules_a_running_probe(breaker: Breaker, clock: ManualClock) -> None:
    """The result of a probe from before the operator's order is late."""
    fail(breaker)
    clock.move(10)
    permit = breaker.admit_probe()
    assert permit is not None
    breaker.take_control(Control.FORCED_OPEN)
    breaker.settle(permit)

    assert (breaker.state, breaker.snapshot().calls.late) == (State.OPEN, 1)


def test_order_that_changes_no_state_is_no_transition(breaker: Breaker, clock: ManualClock) -> None:
    """Forcing an OPEN circuit open, or automatic on an automatic one, leaves history and cooldown alone."""
    breaker.take_control(Control.FORCED_CLOSED)
    breaker.take_control(Control.AUTOMATIC)
    assert breaker.snapshot().transitions == ()
    fail(breaker)
    clock.move(4)
    breaker.take_control(Control.AUTOMATIC)
    assert breaker.probe_due_in_s() == 6
    breaker.take_control(Control.FORCED_OPEN)

    assert len(breaker.snapshot().transitions) == 1


@pytest.mark.parametrize("rules", [{}, {"failure_rate": 0.5}])
def test_opens_early_only_with_evidence_of_its_own(
    make_breaker: MakeBreaker, clock: ManualClock, rules: dict[str, float]
) -> None:
    """A reason from outside opens the circuit while its own last result is a recent failure, and not otherwise."""
    breaker = make_breaker(**rules)
    assert breaker.open_early("others") is None
    fail(breaker, 1)
    succeed(breaker)
    assert breaker.open_early("others") is None
    fail(breaker, 1)
    clock.move(RECENT_S + 0.1)
    assert (breaker.open_early("others"), breaker.state) == (None, State.CLOSED)

    fail(breaker, 1)
    assert (breaker.open_early("2 of 2 others"), reasons(breaker)) == (1, ["2 of 2 others"])


def test_opens_early_while_a_call_waits(breaker: Breaker, clock: ManualClock) -> None:
    """A call that waits is evidence as well, long before it counts as slow; a success since speaks against it."""
    admitted(breaker)
    clock.move(0.05)
    assert breaker.open_early("others") is None
    clock.move(0.1)
    succeed(breaker)
    assert breaker.open_early("others") is None

    admitted(breaker)
    clock.move(0.1)
    assert breaker.open_early("others") == 1


def test_operators_circuit_takes_no_reason_from_outside(breaker: Breaker) -> None:
    """A circuit under an operator's control neither opens early nor has its probe moved."""
    breaker.take_control(Control.FORCED_CLOSED)
    fail(breaker, 5)
    assert breaker.open_early("others") is None
    breaker.take_control(Control.FORCED_OPEN)
    breaker.plan_probe(0.0)
    assert breaker.probe_due_in_s() is None


def test_probe_can_be_moved(breaker: Breaker, clock: ManualClock) -> None:
    """While OPEN, the next probe can be made due sooner or later; the one after it has the usual cooldown."""
    fail(breaker)
    breaker.plan_probe(15.0)
    assert breaker.probe_due_in_s() == 15.0
    breaker.plan_probe(0.0)
    probe(breaker, TimeoutError())
    assert (breaker.state, breaker.probe_due_in_s()) == (State.OPEN, 10.0)
    clock.move(10.0)
    probe(breaker)
    breaker.plan_probe(1.0)
    assert (breaker.state, breaker.probe_due_in_s()) == (State.CLOSED, None)
