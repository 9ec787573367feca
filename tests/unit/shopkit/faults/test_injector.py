"""Which calls a fault hits, on a clock that the test moves."""

import pytest

from shopkit.faults.first_come import FirstCome
from shopkit.faults.injector import FaultInjector
from shopkit.faults.slots import Slots, Turn
from shopkit.faults.vocabulary import Capacity, Error, EveryNth, Fault, Flapping


class Clock:
    """A clock that stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return the clock."""
    return Clock()


def hits(faults: FaultInjector, fault: Fault, calls: int, product_id: int = 1) -> list[bool]:
    """Inject a fault; return which of the calls it hits."""
    faults.inject(fault)
    return [faults.hit(product_id) is not None for _ in range(calls)]


def test_limits(clock: Clock) -> None:
    """A fault hits its share of the calls, its product, and not more calls than it may."""
    rolls = iter([0.1, 0.9, 0.3])
    assert hits(FaultInjector(clock, lambda: next(rolls)), Error(rate=0.3), 3) == [True, False, False]
    faults = FaultInjector(clock)
    assert hits(faults, Error(product_id=2), 1) == [False]
    assert faults.hit(None) is None
    assert hits(faults, EveryNth(n=2, for_calls=1), 4) == [False, True, False, False]
    assert faults.fault is None


def test_heals_itself_in_time(clock: Clock) -> None:
    """A fault with for_s is gone after so many seconds."""
    faults = FaultInjector(clock)
    faults.inject(Error(for_s=5))
    clock.now += 4.9
    assert faults.fault
    clock.now += 0.1
    assert faults.fault is None


def test_flapping_follows_the_clock(clock: Clock) -> None:
    """Flapping hits while it is broken, first, and not while it is well."""
    faults = FaultInjector(clock)
    faults.inject(Flapping(broken_s=2, well_s=1))
    seen = []
    for _ in range(6):
        seen.append(faults.hit(1) is not None)
        clock.now += 1
    assert seen == [True, True, False, True, True, False]


def ends_in_s(slots: Slots) -> float | None:
    """Let a call join the queue; return when it is done with, or None if the queue is full."""
    turn = slots.take()
    return turn.ends_in_s if turn else None


def test_slots_work_in_order_of_arrival(clock: Clock) -> None:
    """Calls beyond the slots wait for the first that is free, and a slot that was free is taken at once."""
    slots = FirstCome(Capacity(slots=2, service_s=1), clock)
    assert [ends_in_s(slots) for _ in range(5)] == [1, 1, 2, 2, 3]
    assert slots.waiting() == 3
    clock.now += 2.5
    assert slots.waiting() == 0
    assert [ends_in_s(slots), ends_in_s(slots)] == [1, 1.5]
    clock.now += 100
    assert ends_in_s(slots) == 1


def test_full_queue_refuses(clock: Clock) -> None:
    """A call that finds the slots taken and the queue full is refused; once a slot is free the next is taken."""
    slots = FirstCome(Capacity(slots=1, service_s=1, queue=1), clock)
    assert [ends_in_s(slots) for _ in range(3)] == [1, 2, None]
    clock.now += 2
    assert ends_in_s(slots) == 1


def test_cold_start_takes_longer(clock: Clock) -> None:
    """While the service is cold, each call takes the factor longer."""
    slots = FirstCome(Capacity(slots=1, service_s=1, cold_s=5, cold_factor=3), clock)
    assert [ends_in_s(slots) for _ in range(3)] == [3, 6, 7]


def test_call_is_skipped_when_its_turn_comes_too_late(clock: Clock) -> None:
    """It takes no slot, so the next one that still has time comes no later."""
    slots = FirstCome(Capacity(slots=1, service_s=1, obeys_deadline=True), clock)
    turns = [slots.take(left_s) for left_s in (1, 1, 0.5, 2)]
    assert turns == [Turn(1), Turn(1, is_worked_on=False), Turn(1, is_worked_on=False), Turn(2)]
    assert slots.waiting() == 3


def test_calls_wait_although_the_fault_was_removed(clock: Clock) -> None:
    """Calls that wait for a slot are counted until their turn, as they still wait when the fault is healed."""
    faults = FaultInjector(clock)
    faults.inject(Capacity(slots=1, service_s=1))
    hit = faults.hit(1)
    assert hit
    assert hit.slots
    for _ in range(3):
        hit.slots.take()
    faults.inject(None)
    assert faults.waiting() == 2
    clock.now += 2
    assert faults.waiting() == 0
