"""What the guard does to a request, on the request's span: attributes for its state, events for its decisions."""

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.listeners import Listener
from api_gateway_v2.permits import CallKind, Decision
from api_gateway_v2.transitions import Transition
from shopkit.tracing import Traces


class EventTraces(Listener):
    """Puts the events of one circuit on the span of the thread that they happen on."""

    def __init__(self, breaker: Breaker, traces: Traces) -> None:
        self._breaker = breaker
        self._traces = traces
        self._name = {"circuit.name": breaker.name}

    def on_transition(self, transition: Transition) -> None:
        """Add the transition to the span of the request, or the probe, that brought it about."""
        states = {"circuit.from_state": transition.from_state.value, "circuit.to_state": transition.to_state.value}
        self._traces.event("transition", {**self._name, **states, "circuit.why": transition.reason})

    def on_call_end(self, duration_s: float, kind: CallKind) -> None:  # noqa: ARG002 - Listener's signature
        """Note the state after the call."""
        self._note_state()

    def on_decision(self, decision: Decision) -> None:
        """Add the decision, and the state that it was made in."""
        self._traces.event(decision.value, {**self._name, "circuit.state": self._breaker.state.value})
        self._note_state()

    def on_answer(self, *, degraded: bool) -> None:
        """Note whether the answer is degraded; a fallback is an event, too."""
        self._traces.note({"degraded": degraded})
        self._note_state()
        if degraded:
            self._traces.event("fallback", self._name)

    def _note_state(self) -> None:
        self._traces.note({f"circuit.{self._breaker.name}.state": self._breaker.state.value})
