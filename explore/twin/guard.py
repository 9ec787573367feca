"""The guard in virtual time: the product's breaker, rules, bulkhead, limit and prober; only the waiting is told anew.

In the product a request waits on its thread, and the prober on another. Threads know no virtual time, so that what
`GuardedCall` and `Prober` do when a wait ends is done here by events, in the same order.
"""

from collections.abc import Callable
from random import Random

import simpy

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.bulkhead import Bulkhead, FixedLimit
from api_gateway_v2.listeners import Listener
from api_gateway_v2.overdue_limit import OverdueLimit
from api_gateway_v2.permits import CallKind, Permit, kind_of
from api_gateway_v2.prober import Prober
from api_gateway_v2.transitions import State, Transition
from explore.point import Point
from explore.twin.dependency import NAME, Calls, Fate
from shopkit.errors import DeadlineExceeded

Done = Callable[[bool], None]  # told whether the page has its recommendations


class Guard(Listener):
    """One guard, and the calls that it has in flight."""

    def __init__(self, env: simpy.Environment, point: Point, dependency: Calls, rng: Random) -> None:
        self._env = env
        self.point = point
        self._dependency = dependency
        self.breaker = Breaker(NAME, BreakerSettings.of_policy(**point.breaker), clock=lambda: env.now, rng=rng)
        self.bulkhead = _bulkhead(point)
        self.patience_s = min(point.deadline_s, max(point.patience_s, point.slow_call_s))
        self.transitions: list[Transition] = []
        self.probes = 0
        self._prober = Prober(self.breaker, self._probe, thread=lambda _: _NoThread(), wait=lambda _event, _s: False)
        self.breaker.add_listener(self)

    def start(self, fate: Fate, done: Done) -> None:
        """Make a call, or refuse it; `done` is told when the page need not wait any more."""
        permit = self.breaker.admit()
        if permit is None:
            done(False)
            return
        call = Call(self, permit, fate, done)
        if not self.bulkhead.enter(permit, call):
            self.breaker.withdraw(permit)
            done(False)
            return
        call.make(self._dependency.made(fate))

    def at(self, delay_s: float, do: Callable[[], object]) -> None:
        """Do something later."""
        self._env.timeout(delay_s).callbacks.append(lambda _: do())  # type: ignore[arg-type]  # its result is not used

    def on_transition(self, transition: Transition) -> None:
        """Release who waits, and look when the next probe is due."""
        self.transitions.append(transition)
        for permit, call in self.bulkhead.calls():
            if not self.breaker.is_current(permit):
                call.release()
        if transition.to_state is not State.CLOSED:
            self._plan_probe()

    def _plan_probe(self) -> None:
        due_in_s = self.breaker.probe_due_in_s()
        if due_in_s is not None:
            self.at(due_in_s, self._look)

    def _look(self) -> None:
        """Make a probe that is due, and the next one if the circuit asks for several."""
        if self.breaker.probe_due_in_s() != 0:
            return
        self._prober.wait_and_probe()
        if self.breaker.state is State.HALF_OPEN:
            self._plan_probe()

    def _probe(self) -> None:
        """Call the dependency, and let virtual time pass meanwhile; raise what a call raises."""
        self.probes += 1
        fate = self._dependency.probe_fate()
        takes_s = self._dependency.made(fate)
        self._env.run(until=self._env.timeout(min(takes_s, self.point.deadline_s)))
        if takes_s >= self.point.deadline_s:
            raise _late(self.point.deadline_s)
        if fate.error:
            raise fate.error


class Call:
    """A call in flight, and the page that waits for it."""

    __slots__ = ("_done", "_fate", "_guard", "_waits", "permit")

    def __init__(self, guard: Guard, permit: Permit, fate: Fate, done: Done) -> None:
        self._guard = guard
        self._fate = fate
        self._done = done
        self._waits = True
        self.permit = permit

    def make(self, takes_s: float) -> None:
        """Plan what happens to a call that takes so long; what its end comes before need not be planned."""
        guard, point = self._guard, self._guard.point
        if takes_s >= point.slow_call_s < point.deadline_s:
            guard.at(point.slow_call_s, self._slow)
        if takes_s >= guard.patience_s < point.deadline_s:
            guard.at(guard.patience_s, self.release)
        if takes_s >= point.deadline_s:
            guard.at(point.deadline_s, lambda: self._end(_late(point.deadline_s)))
        else:
            guard.at(takes_s, lambda: self._end(self._fate.error))

    def release(self) -> None:
        """Let the page go without an answer, unless it has one."""
        self._leave(whole=False)

    def _slow(self) -> None:
        if self._waits:
            self._guard.breaker.slow(self.permit)

    def _end(self, error: Exception | None) -> None:
        guard, breaker = self._guard, self._guard.breaker
        breaker.settle(self.permit, error)
        is_success = kind_of(error) is CallKind.SUCCESSFUL
        guard.bulkhead.leave(self.permit, breaker.clock() - self.permit.admitted_at_s if is_success else None)
        self._leave(whole=error is None)

    def _leave(self, *, whole: bool) -> None:
        if self._waits:
            self._waits = False
            self._done(whole)


class _NoThread:
    """Stands for the thread of the prober, which events wake."""

    def start(self) -> None:
        """Do nothing."""


def _bulkhead(point: Point) -> Bulkhead[Call]:
    """Return the bulkhead as api-gateway-v2 makes it of its variables."""
    if point.bulkhead_counts == "all":
        return Bulkhead(FixedLimit(point.max_concurrent), point.max_concurrent)
    return Bulkhead(OverdueLimit(point.max_concurrent, point.slow_call_s), point.threads)


def _late(deadline_s: float) -> DeadlineExceeded:
    return DeadlineExceeded(NAME, f"did not answer within {deadline_s:g} s")
