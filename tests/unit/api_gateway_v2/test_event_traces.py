"""What the guards put on the span of a request, with OpenTelemetry's exporter into memory."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api_gateway_v2.background_guard import BackgroundGuard, GuardedCall
from api_gateway_v2.breaker import Breaker
from api_gateway_v2.bulkhead import Bulkhead, FixedLimit
from api_gateway_v2.direct_guard import DirectGuard
from api_gateway_v2.event_traces import EventTraces
from api_gateway_v2.probe_call import ProbeCall
from api_gateway_v2.prober import Prober
from api_gateway_v2.transitions import Control
from shopkit import waits
from shopkit.errors import CallRefused, DeadlineExceeded, Unreachable
from shopkit.opentelemetry_traces import OpenTelemetryTraces
from support.circuits import ManualClock, fail

PollUntil = Callable[..., None]
NAME = "recommendations-service"
SLOW_CALL_S = 0.5
PATIENCE_S = 0.9
DEADLINE_S = 2.0


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    """Where spans go."""
    return InMemorySpanExporter()


@pytest.fixture
def traces(exporter: InMemorySpanExporter) -> Iterator[OpenTelemetryTraces]:
    """Traces that end in memory."""
    traces = OpenTelemetryTraces("api-gateway-v2", lambda: SimpleSpanProcessor(exporter))
    traces.start()
    yield traces
    RequestsInstrumentor().uninstrument()


@pytest.fixture
def breaker(make_breaker: Callable[..., Breaker], traces: OpenTelemetryTraces) -> Breaker:
    """A CLOSED circuit that is traced."""
    breaker = make_breaker(slow_call_s=SLOW_CALL_S, fail_max=3)
    breaker.add_listener(EventTraces(breaker, traces))
    return breaker


@pytest.fixture
def background(breaker: Breaker) -> BackgroundGuard:
    """A guard with one place and a thread for it."""
    bulkhead = Bulkhead[GuardedCall[Any]](FixedLimit(1), 1)
    guard = BackgroundGuard(breaker, bulkhead, ProbeCall(lambda: "first"), deadline_s=DEADLINE_S, patience_s=PATIENCE_S)
    breaker.add_listener(guard)
    return guard


@pytest.fixture
def direct(breaker: Breaker) -> DirectGuard:
    """A guard with one place."""
    return DirectGuard(breaker, Bulkhead(FixedLimit(1), 1), ProbeCall(lambda: "first"), deadline_s=DEADLINE_S)


def events(span: ReadableSpan) -> list[str]:
    """Return the names of a span's events."""
    return [event.name for event in span.events]


def test_answered_request_has_the_state(
    traces: OpenTelemetryTraces, exporter: InMemorySpanExporter, background: BackgroundGuard
) -> None:
    """A request with its answer says that nothing was wrong, and has no events."""
    with traces.root_span("request"):
        assert background.start(lambda: "answer").result_or("fallback") == ("answer", False)

    (span,) = exporter.get_finished_spans()
    assert span.attributes == {"degraded": False, f"circuit.{NAME}.state": "CLOSED"}
    assert events(span) == []


def test_short_circuited_request(
    traces: OpenTelemetryTraces, exporter: InMemorySpanExporter, breaker: Breaker, background: BackgroundGuard
) -> None:
    """A refusal is an event with the state that it was made in, and then comes the fallback."""
    breaker.take_control(Control.FORCED_OPEN)
    with traces.root_span("request"):
        background.start(lambda: "answer").result_or("fallback")

    (span,) = exporter.get_finished_spans()
    assert events(span) == ["short-circuited", "fallback"]
    assert span.events[0].attributes == {"circuit.name": NAME, "circuit.state": "OPEN"}
    assert span.attributes == {"degraded": True, f"circuit.{NAME}.state": "OPEN"}


@pytest.mark.parametrize(
    "gives_up", [(PATIENCE_S, "patience over"), (DEADLINE_S, "deadline")], ids=["patience", "deadline"]
)
def test_request_that_has_waited_long_enough(
    traces: OpenTelemetryTraces,
    exporter: InMemorySpanExporter,
    background: BackgroundGuard,
    clock: ManualClock,
    gives_up: tuple[float, str],
) -> None:
    """A request that gives up says why; a second one beside it found the bulkhead full."""
    background.patience_s, event = gives_up
    let_go = threading.Event()
    with traces.root_span("waits"):
        call = background.start(let_go.wait)
        clock.move(DEADLINE_S)
        call.result_or(False)
    with traces.root_span("beside"):
        background.start(let_go.wait).result_or(False)
    let_go.set()

    waited, beside = exporter.get_finished_spans()
    assert events(waited) == [event, "fallback"]
    assert events(beside) == ["bulkhead full", "fallback"]


def test_released_request(
    traces: OpenTelemetryTraces,
    exporter: InMemorySpanExporter,
    breaker: Breaker,
    background: BackgroundGuard,
    poll_until: PollUntil,
) -> None:
    """A trip releases who waits; the call that ends after its request changes no span."""
    let_go = threading.Event()
    with traces.root_span("request"):
        call = background.start(let_go.wait)
        breaker.take_control(Control.FORCED_OPEN)
        call.result_or(False)
    let_go.set()
    poll_until(lambda: background.snapshot().bulkhead.in_flight == 0)

    (span,) = exporter.get_finished_spans()
    assert events(span) == ["transition", "released", "fallback"]
    assert span.events[0].attributes == {
        "circuit.name": NAME,
        "circuit.from_state": "CLOSED",
        "circuit.to_state": "OPEN",
        "circuit.why": "forced open by the operator",
    }


def test_needed_dependency(
    traces: OpenTelemetryTraces,
    exporter: InMemorySpanExporter,
    breaker: Breaker,
    direct: DirectGuard,
    clock: ManualClock,
) -> None:
    """A call that the request needs has the same events: deadline, bulkhead full, released, short-circuited."""

    def late() -> None:
        with pytest.raises(CallRefused):
            direct.call(lambda: None)
        raise DeadlineExceeded(NAME, "is late")

    def waits_for_the_trip() -> None:
        breaker.take_control(Control.FORCED_OPEN)
        clock.move(SLOW_CALL_S)
        watch = waits.current()
        assert watch is not None
        watch()

    with traces.root_span("late"), pytest.raises(DeadlineExceeded):
        direct.call(late)
    with traces.root_span("released"), pytest.raises(CallRefused):
        direct.call(waits_for_the_trip)
    with traces.root_span("refused"), pytest.raises(CallRefused):
        direct.call(lambda: None)

    assert [events(span) for span in exporter.get_finished_spans()] == [
        ["bulkhead full", "deadline"],
        ["transition", "released"],
        ["short-circuited"],
    ]


def test_call_is_made_in_the_span_of_its_request(
    traces: OpenTelemetryTraces, exporter: InMemorySpanExporter, background: BackgroundGuard
) -> None:
    """What a call does on a thread of the bulkhead belongs to the trace of its request."""
    with traces.root_span("request"):
        background.start(lambda: traces.note({"from": "the call"})).result_or(None)

    (span,) = exporter.get_finished_spans()
    assert span.attributes is not None
    assert span.attributes["from"] == "the call"


def test_probe_is_a_trace_of_its_own(
    traces: OpenTelemetryTraces, exporter: InMemorySpanExporter, breaker: Breaker, clock: ManualClock
) -> None:
    """A probe's span has the transition that its result brought about, whoever's thread it runs on."""

    def away() -> None:
        raise Unreachable(NAME, "is away")

    prober = Prober(breaker, away, wait=lambda *_: False, span=lambda: traces.root_span("probe"))
    with traces.root_span("request"):
        fail(breaker, 3)
        clock.move(60)
        prober.wait_and_probe()

    probe, request = exporter.get_finished_spans()
    assert (probe.name, probe.parent, events(probe)) == ("probe", None, ["transition"])
    assert probe.events[0].attributes is not None
    assert probe.events[0].attributes["circuit.why"] == f"probe failed: {NAME} is away"
    assert probe.context.trace_id != request.context.trace_id
