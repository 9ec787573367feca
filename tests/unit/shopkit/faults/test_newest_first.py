"""Slots that serve the newest call first, with calls that really wait, on a clock that the test moves."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shopkit.faults.injector import FaultInjector
from shopkit.faults.newest_first import NewestFirst
from shopkit.faults.slots import Turn
from shopkit.faults.vocabulary import Capacity

PollUntil = Callable[..., None]
SERVICE_S = 1.0


class Line:
    """Calls before one slot, one clock for all; each has a number and waits on a thread of its own."""

    def __init__(self, threads: ThreadPoolExecutor, poll_until: PollUntil, fault: Capacity) -> None:
        self.now = 100.0
        self.slots = NewestFirst(fault, lambda: self.now)
        self.done: list[tuple[int, Turn | None]] = []  # in the order in which they are served or refused
        self._threads = threads
        self._poll_until = poll_until

    def join(self, number: int, left_s: float | None = None) -> None:
        """Let a call join; return when it waits or is done."""
        before = self._known()
        self._threads.submit(lambda: self.done.append((number, self.slots.take(left_s))))
        self._poll_until(lambda: self._known() == before + 1)

    def end_turn(self) -> None:
        """Let the call that is served end on time; return when those that follow know it."""
        known = self._known()
        self.now += SERVICE_S
        self.slots.leave(Turn(0.0))
        self._poll_until(lambda: self._known() == known)

    @property
    def served(self) -> list[int]:
        """The numbers of the calls that were worked on, in this order."""
        return [number for number, turn in self.done if turn and turn.is_worked_on]

    def _known(self) -> int:
        return len(self.done) + self.slots.waiting()


MakeLine = Callable[..., Line]


@pytest.fixture
def line(poll_until: PollUntil) -> Iterator[MakeLine]:
    """Return a function that makes a line before one slot, with parameters of its capacity."""
    with ThreadPoolExecutor(8) as threads:
        made: list[Line] = []

        def make(**parameters: int | bool) -> Line:
            fault = Capacity.model_validate({"slots": 1, "service_s": SERVICE_S, **parameters})
            made.append(Line(threads, poll_until, fault))
            return made[-1]

        yield make
        for one in made:
            while one.slots.waiting():
                one.end_turn()


def test_newest_is_served_first_while_too_many_wait(line: MakeLine) -> None:
    """Of four that wait the newest two go first, and the other two, who are not too many, as they came."""
    calls = line(newest_first_beyond=2)
    for number in range(5):
        calls.join(number)
    assert calls.slots.waiting() == 4
    for _ in range(4):
        calls.end_turn()
    assert calls.served == [0, 4, 3, 1, 2]
    assert [turn.ends_in_s for _, turn in calls.done if turn] == [SERVICE_S] * 5


def test_slot_loses_no_time_to_a_caller_who_leaves_late(line: MakeLine) -> None:
    """A call that waited is done with a service time after the end of the one before it, whenever that one says so."""
    calls = line(newest_first_beyond=0)
    calls.join(0)
    calls.join(1)
    calls.now += 0.4
    calls.end_turn()
    number, turn = calls.done[-1]
    assert number == 1
    assert turn
    assert turn.ends_in_s == pytest.approx(0.6)


def test_full_queue_refuses_the_oldest(line: MakeLine) -> None:
    """It is the least likely to have a caller still; where nobody overtakes, the one that comes is refused."""
    calls = line(newest_first_beyond=0, queue=1)
    for number in range(3):
        calls.join(number)
    assert calls.done == [(0, Turn(SERVICE_S)), (1, None)]
    calls = line(newest_first_beyond=5, queue=1)
    for number in range(3):
        calls.join(number)
    assert calls.done == [(0, Turn(SERVICE_S)), (2, None)]


def test_call_is_skipped_when_its_turn_comes_too_late(line: MakeLine) -> None:
    """It takes no slot: the next is called at once."""
    calls = line(newest_first_beyond=0, obeys_deadline=True)
    calls.join(0, 9.0)
    calls.join(1, 9.0)
    calls.join(2, 0.5)
    calls.end_turn()
    assert calls.served == [0, 1]
    assert (2, Turn(0.0, is_worked_on=False)) in calls.done


def test_parameter_chooses_who_is_next() -> None:
    """The fault has these slots where it says so, and counts who waits."""
    faults = FaultInjector()
    faults.inject(Capacity(slots=1, newest_first_beyond=0))
    hit = faults.hit(1)
    assert hit
    assert isinstance(hit.slots, NewestFirst)
    assert faults.waiting() == 0
