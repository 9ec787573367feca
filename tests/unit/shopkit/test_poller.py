"""A source that is looked at again and again."""

import threading
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from shopkit.poller import Poller, Sample

PollUntil = Callable[..., None]
Start = Callable[[Callable[[], int]], Poller[int]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts a Poller, which is stopped at the end of the test."""
    started: list[Poller[int]] = []

    def start(look: Callable[[], int], every_s: float = 0.001) -> Poller[int]:
        started.append(Poller(look, every_s=every_s))
        started[-1].start()
        return started[-1]

    yield start
    for poller in started:
        poller.stop()


def test_keeps_every_sample_in_order(start: Start, poll_until: PollUntil) -> None:
    """A poller looks again and again, and keeps when each look began and ended, and what it saw."""
    looks = iter(range(10**9))
    poller = start(lambda: next(looks))
    poll_until(lambda: len(poller.samples) > 5)
    poller.stop()
    done = [sample for sample in poller.samples if sample.answered_at is not None]
    assert [sample.seen for sample in done] == list(range(len(done)))
    assert all(sample.asked_at <= (sample.answered_at or 0.0) for sample in done)
    assert all((a.answered_at or 0.0) <= b.asked_at for a, b in pairwise(done))


def test_keeps_the_last_samples_only_when_told_so() -> None:
    """With `keep`, older samples are dropped, so a poller can run for ever."""
    now = iter(range(10**9))
    poller = Poller(lambda: 7, every_s=1.0, keep=2, clock=lambda: float(next(now)))
    for _ in range(10):
        poller.look()
    assert poller.samples == [Sample(16.0, 17.0, 7), Sample(18.0, 19.0, 7)]
    assert (poller.latest, poller.succeeded_at) == (7, 19.0)


def test_look_that_waits_is_among_the_samples(start: Start, poll_until: PollUntil) -> None:
    """A look under way is visible as unanswered, and counts once when its answer has come."""
    answered = threading.Event()
    poller = start(lambda: int(answered.wait(10)))
    poll_until(lambda: poller.samples)
    (waiting,) = poller.samples
    assert waiting == Sample(poller.waiting_since or 0.0, None, None)
    assert poller.latest is None
    answered.set()
    poll_until(lambda: poller.latest)
    assert [sample.asked_at for sample in poller.samples].count(waiting.asked_at) == 1


@pytest.mark.parametrize("error", [ConnectionError("refused"), TypeError("NoneType"), KeyError("state"), MemoryError()])
def test_look_that_raises_ends_nothing(start: Start, poll_until: PollUntil, error: Exception) -> None:
    """Whatever a look raises, it has seen nothing, the error is there to read, and the next look follows."""
    outcomes: list[int | Exception] = [7, error]

    def look() -> int:
        outcome = outcomes[-1]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    poller = start(look)
    poll_until(lambda: len(poller.samples) > 2)
    assert (poller.samples[0].seen, poller.error, poller.succeeded_at) == (None, error, None)
    assert poller.samples[0].answered_at is not None
    outcomes.pop()
    poll_until(lambda: poller.latest == 7)
    assert poller.error is None
    outcomes.append(error)
    poll_until(lambda: poller.error is error)
    assert poller.latest is None
    assert poller.succeeded_at is not None


def test_hurry_looks_at_once(poll_until: PollUntil) -> None:
    """A poller that is not due for an hour looks when it is told to hurry."""
    poller = Poller(lambda: 1, every_s=3600.0)
    poller.start()
    poll_until(lambda: poller.latest)
    poller.hurry()
    poll_until(lambda: len(poller.samples) == 2)
    poller.stop()


def test_stop_ends_the_thread(start: Start) -> None:
    """The look under way when a poller is stopped is the last."""
    begun, go_on = threading.Event(), threading.Event()
    looked_in: list[threading.Thread] = []

    def look() -> int:
        looked_in.append(threading.current_thread())
        begun.set()
        go_on.wait(10)
        return 1

    poller = start(look)
    assert begun.wait(10)
    poller.stop()
    go_on.set()
    looked_in[0].join(10)
    assert not looked_in[0].is_alive()
    assert (len(looked_in), poller.latest) == (1, 1)
