"""What the page shows of each service, from what it answered."""

import pytest

from control_room.circuit_view import CircuitView
from control_room.contact import Contact, Link
from control_room.dependency_view import DependencyView
from control_room.gateway_view import GatewayView
from control_room.load_view import LoadView
from control_room.marks import Kind, Marks
from unit.control_room.conftest import Answer, Clock

HEARD = Contact(Link.ANSWERING, 0.1, "")
TRANSITION_SHOWN = {"from": "CLOSED", "to": "OPEN", "why": "3 slow calls in flight"}
TRANSITION = TRANSITION_SHOWN | {"at": "2026-11-20T10:00:00.000+00:00", "age_s": 4.0}
STATUS = {
    "state": "OPEN",
    "control": "automatic",
    "failure_count": 0,
    "fail_max": 3,
    "failure_rate": None,
    "reset_timeout_s": 10.0,
    "slow_call_s": 0.5,
    "retry_in_s": 8.0,
    "in_flight": 2,
    "bulkhead": {"max_concurrent": 10, "taken": 2, "overdue_after_s": 0.1, "refused": 1},
    "calls": {"successful": 1, "failed": 2, "late": 0, "short_circuited": 3},
    "transitions": [TRANSITION],
    "fleet": None,
    "circuits": [
        {"name": "recommendations-service", "state": "OPEN", "retry_in_s": 8.0},
        {"name": "product-service", "state": "OPEN", "retry_in_s": 1.0},
    ],
}


def metrics(full: int, failed: int, in_flight: int = 1) -> str:
    """Return the text of /metrics of a gateway."""
    route = 'route="/products/<product_id>"'
    return (
        f'http_requests_total{{method="GET",{route},status="200"}} {full}\n'
        f'http_requests_total{{method="GET",{route},status="500"}} {failed}\n'
        f'http_request_duration_seconds_bucket{{le="0.005",{route}}} {full}\n'
        f'http_request_duration_seconds_bucket{{le="+Inf",{route}}} {full + failed}\n'
        f"http_requests_in_flight {in_flight}\nhttp_threads 64\n"
    )


def test_gateway_shows_rate_outcomes_and_series(clock: Clock, answer: Answer) -> None:
    """Ten answers in two seconds are five a second; each second of the series has its share."""
    view = GatewayView(clock)
    view.take(answer(metrics(100, 0)))
    clock.now += 2
    view.take(answer(metrics(108, 2, in_flight=31)))
    shown = view.show(HEARD)
    assert shown["rate"] == 5.0
    assert shown["last_60_s"] == {"full": 8, "degraded": 0, "failed": 2}
    assert (shown["busy"], shown["threads"]) == (30, 64)
    series = shown["series"]
    assert isinstance(series, list)
    assert series[-2][:3] == series[-1][:3] == [4.0, 0.0, 1.0]
    assert series[-3] is None
    assert len(series) == 60


def test_degraded_answer_counted_before_its_status_is_no_restart(clock: Clock, answer: Answer) -> None:
    """A full answer fewer than at the last look, for a moment, does not make all of history happen again."""
    view = GatewayView(clock)
    degraded = 'degraded_answers_total{name="recommendations-service"}'
    for served, counted in ((1000, 5), (1000, 6), (1001, 6)):
        view.take(answer(metrics(served, 0) + f"{degraded} {counted}\n"))
        clock.now += 1
    assert view.show(HEARD)["last_60_s"] == {"full": 0, "degraded": 1, "failed": 0}


def test_gateway_that_was_not_heard_for_long_says_so_in_its_series(clock: Clock, answer: Answer) -> None:
    """The seconds of a silence are an average, and marked as one."""
    view = GatewayView(clock)
    view.take(answer(metrics(0, 0)))
    clock.now += 30
    view.take(answer(metrics(30, 0)))
    series = view.show(HEARD)["series"]
    assert isinstance(series, list)
    assert series[-10][0] == 1.0
    assert series[-10][5] is True


def test_gateway_that_was_never_heard_shows_nothing(clock: Clock) -> None:
    """There is no number that stands for nothing."""
    shown = GatewayView(clock).show(Contact(Link.CONNECTING, None, ""))
    assert (shown["rate"], shown["busy"], shown["threads"], shown["p50_ms"]) == (None, None, None, None)


def test_countdown_runs_between_two_answers(clock: Clock, answer: Answer) -> None:
    """The time to the next probe is what was said, less the time since; never less than nothing."""
    view = CircuitView(clock)
    assert view.show(HEARD) is None
    view.take(answer(STATUS))
    clock.now += 1.5
    shown = view.show(HEARD)
    assert shown is not None
    assert shown["retry_in_s"] == 6.5
    assert shown["product"] == {"state": "OPEN", "retry_in_s": 0.0}
    clock.now += 60
    shown = view.show(HEARD)
    assert shown is not None
    assert shown["retry_in_s"] == 0.0


def test_transition_is_a_mark_with_its_reason(clock: Clock, answer: Answer) -> None:
    """Changes of the circuit are on the time axis of v2, as old as v2 says, whatever its wall clock is."""
    view = CircuitView(clock)
    view.take(answer(STATUS))
    clock.now += 1
    shown = view.show(HEARD)
    assert shown is not None
    assert shown["transitions"] == [TRANSITION_SHOWN | {"at": clock.now - 5}]
    mark = view.marks(since=0)[0]
    assert mark.at == clock.now - 5
    assert (mark.kind, mark.text, mark.gateways) == (Kind.CIRCUIT, "OPEN: 3 slow calls in flight", ("v2",))
    assert view.marks(since=mark.at + 1) == []


def test_status_without_a_state_is_refused(clock: Clock, answer: Answer) -> None:
    """An answer that lacks something is no answer, and leaves what was there."""
    view = CircuitView(clock)
    with pytest.raises(KeyError):
        view.take(answer({"name": "x"}))
    assert view.show(HEARD) is None


def test_fault_is_marked_whoever_put_it_in(clock: Clock, answer: Answer) -> None:
    """A change between two looks is a mark; what was there at the first look is none."""
    marks = Marks()
    view = DependencyView("", marks, clock)
    view.take_fault(answer({"fault": None}))
    assert marks.since(0) == []
    view.take_fault(answer({"fault": {"kind": "hang", "delay_s": 30.0, "rate": 1.0}}))
    view.take_fault(answer({"fault": {"kind": "error", "status": 503, "rate": 0.5}}))
    view.take_fault(answer({"fault": None}))
    assert [(mark.kind, mark.text) for mark in marks.since(0)] == [
        (Kind.FAULT, "hang, 30 s"),
        (Kind.FAULT, "error 503, 50% of the calls"),
        (Kind.HEAL, "healed"),
    ]


def test_capacity_is_told_as_far_as_it_is_special(clock: Clock, answer: Answer) -> None:
    """What a parameter means when nobody sets it is not said; a queue of 0 is said, and it is no queue without end."""
    marks = Marks()
    view = DependencyView("", marks, clock, of=("v2",))
    view.take_fault(answer({"fault": None}))
    usual = {"kind": "capacity", "slots": 2, "service_s": 0.1, "queue": None, "cold_s": 0.0, "rate": 1.0}
    view.take_fault(answer({"fault": usual | {"obeys_deadline": False}}))
    view.take_fault(answer({"fault": usual | {"queue": 0, "cold_s": 8.0, "obeys_deadline": True}}))
    assert [(mark.text, mark.gateways) for mark in marks.since(0)] == [
        ("capacity 2 x 0.1 s", ("v2",)),
        ("capacity 2 x 0.1 s, a queue of 0, obeys deadlines, cold for 8 s", ("v2",)),
    ]


def test_work_for_callers_who_have_left_is_a_share_of_all_work(clock: Clock, answer: Answer) -> None:
    """It is of the last seconds, like the calls that come; how many calls wait is as it was last seen."""
    view = DependencyView("", Marks(), clock)
    for at, (calls, useful, useless, waiting) in enumerate([(10, 5, 0, 1), (90, 7, 38, 40)]):
        clock.now += 2 * at
        view.take_metrics(
            answer(
                f'recommendations_calls_total{{caller="v1",fault="capacity"}} {calls}\n'
                f'recommendations_work_total{{caller="v1",awaited="yes"}} {useful}\n'
                f'recommendations_work_total{{caller="v1",awaited="no"}} {useless}\n'
                f"recommendations_waiting_calls {waiting}\n"
            )
        )
    shown = view.show(HEARD)
    assert (shown["calls_rate"], shown["queued"], shown["useless_share"]) == (40.0, 40, 0.95)


def test_load_is_what_locust_says(clock: Clock, answer: Answer) -> None:
    """Users and answers are Locust's; users that linger after a stop are none."""
    view = LoadView("v1", Marks(), clock)
    stats = {"stats": [{"name": "Aggregated", "num_requests": 10, "num_failures": 0}], "state": "running"}
    view.take(answer({**stats, "user_count": 40}))
    clock.now += 4
    later = [{"name": "Aggregated", "num_requests": 30, "num_failures": 8}]
    view.take(answer({"stats": later, "state": "running", "user_count": 50}))
    shown = view.show(HEARD)
    assert (shown["users"], shown["rate"], shown["failed"]) == (50, 5.0, 8)
    view.take(answer({"stats": [], "state": "stopped", "user_count": 7}))
    assert view.show(HEARD)["users"] == 0


def test_shows_how_many_other_replicas_are_open(clock: Clock, answer: Answer) -> None:
    """Of a fleet the page gets the number of others, those OPEN for recommendations, and why v2 shares nothing."""
    opens = [[("recommendations-service", True)], [("recommendations-service", False), ("product-service", True)]]
    others = [{"circuits": [{"name": name, "is_open": is_open} for name, is_open in of_one]} for of_one in opens]
    view = CircuitView(clock)
    for alone_because in (None, "Redis cannot be reached"):
        view.take(answer(STATUS | {"fleet": {"alone_because": alone_because, "others": others}}))
        shown = view.show(HEARD)
        assert shown is not None
        assert shown["fleet"] == {"alone_because": alone_because, "others": 2, "open": 1}
