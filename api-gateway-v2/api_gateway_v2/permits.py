"""What a call is to the guard: a permit before it, and the kind of its result after it; or why there is no answer."""

from enum import StrEnum

from shopkit.errors import RequestRejected


class Permit:
    """Permission to make one call. `Breaker.admit` gives it, `Breaker.settle` takes its result once."""

    __slots__ = ("admitted_at_s", "generation", "settled")

    def __init__(self, generation: int, admitted_at_s: float = 0.0) -> None:
        """`admitted_at_s` is a time on the breaker's clock."""
        self.generation = generation
        self.admitted_at_s = admitted_at_s
        self.settled = False


class Decision(StrEnum):
    """How the guard keeps a request from waiting for the answer of a call."""

    SHORT_CIRCUITED = "short-circuited"  # no call: the circuit is not CLOSED, or its ramp refuses
    BULKHEAD_FULL = "bulkhead full"  # no call
    RELEASED = "released"  # the circuit tripped while the request waited
    PATIENCE_OVER = "patience over"  # the request goes on, and so does the call
    DEADLINE = "deadline"  # the call is late


class CallKind(StrEnum):
    """How a call ended, with the names of resilience4j."""

    SUCCESSFUL = "successful"
    FAILED = "failed"
    IGNORED = "ignored"  # a rejected request: an answer that says nothing about the dependency's health


def kind_of(error: BaseException | None) -> CallKind:
    """Return how a call ended that raised `error`, or None."""
    if error is None:
        return CallKind.SUCCESSFUL
    return CallKind.IGNORED if isinstance(error, RequestRejected) else CallKind.FAILED
