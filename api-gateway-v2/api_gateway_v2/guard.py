"""What protects calls to one dependency: the breaker is asked first, then the bulkhead."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from api_gateway_v2.breaker import Breaker, CircuitSnapshot
from api_gateway_v2.bulkhead import Bulkhead, BulkheadSnapshot
from api_gateway_v2.permits import CallKind, Permit, kind_of
from api_gateway_v2.probe_call import ProbeCall

Call = TypeVar("Call")


@dataclass(frozen=True, slots=True)
class GuardSnapshot:
    """A copy of a guard's state at one moment."""

    circuit: CircuitSnapshot
    bulkhead: BulkheadSnapshot


class Guard(Generic[Call]):
    """The breaker and the bulkhead of one dependency. Safe to share between threads.

    BackgroundGuard makes calls on threads of its own and has a fallback; DirectGuard makes them on the caller's thread
    and raises.
    """

    def __init__(
        self,
        breaker: Breaker,
        bulkhead: Bulkhead[Call],
        probe_call: ProbeCall,
        *,
        deadline_s: float,
    ) -> None:
        """`deadline_s` seconds after its start a call is late; `probe_call` learns what users ask for."""
        self.breaker = breaker
        self.bulkhead = bulkhead
        self.deadline_s = deadline_s
        self.patience_s = deadline_s  # how long a request waits for a call
        self.probe_call = probe_call

    def snapshot(self) -> GuardSnapshot:
        """Return a copy of the state of the circuit and the bulkhead."""
        circuit = self.breaker.snapshot()
        return GuardSnapshot(circuit, self.bulkhead.snapshot(circuit.taken_at_s))

    def _finish(self, permit: Permit, error: BaseException | None, made: Callable[[], object]) -> None:
        """Report the end of a call to the breaker, the bulkhead, the probes and the listeners."""
        self.breaker.settle(permit, error)
        kind, duration_s = kind_of(error), self.breaker.clock() - permit.admitted_at_s
        is_success = kind is CallKind.SUCCESSFUL
        self.bulkhead.leave(permit, duration_s if is_success else None)
        if is_success:
            self.probe_call.answered = made
        self.breaker.listeners.call_ended(duration_s, kind)
