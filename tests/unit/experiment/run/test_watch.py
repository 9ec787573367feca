"""What is read from the services while the load runs."""

import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from experiment.errors import EnvironmentProblem
from experiment.run.watch import Poller, Watch
from experiment.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS
from support.readings import FakeShop, circuit

PollUntil = Callable[..., None]
Start = Callable[[Callable[[], int]], Poller[int]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts a Poller, which is stopped in the end."""
    started: list[Poller[int]] = []

    def poll(look: Callable[[], int]) -> Poller[int]:
        started.append(Poller(look, 0.001))
        return started[-1]

    yield poll
    for poller in started:
        poller.stop()


def test_poller_looks_again_and_again(start: Start, poll_until: PollUntil) -> None:
    """Each look is kept, in order, with when it was asked and answered."""
    looks = iter(range(10**9))
    poller = start(lambda: next(looks))
    poll_until(lambda: len(poller.samples) > 5)
    poller.stop()
    done = [sample for sample in poller.samples if sample.answered_at is not None]
    assert [sample.seen for sample in done] == list(range(len(done)))
    assert all(sample.asked_at <= (sample.answered_at or 0.0) for sample in done)
    assert all((a.answered_at or 0.0) <= b.asked_at for a, b in pairwise(done))
    assert poller.latest is not None


def test_look_that_blocks_is_among_the_samples(start: Start, poll_until: PollUntil) -> None:
    """As unanswered: it is the sign of a service that is stuck; once it is answered it counts once."""
    answered = threading.Event()
    poller = start(lambda: int(answered.wait(10)))
    poll_until(lambda: poller.samples)
    (waiting,) = poller.samples
    assert (waiting.answered_at, waiting.seen, poller.latest) == (None, None, None)
    answered.set()
    poll_until(lambda: poller.latest)
    assert [sample.asked_at for sample in poller.samples].count(waiting.asked_at) == 1


def test_look_that_fails_has_seen_nothing(start: Start, poll_until: PollUntil) -> None:
    """It does not end the watch: the next look may see again; the latest is what the last look saw."""
    broken = threading.Event()
    broken.set()

    def look() -> int:
        if broken.is_set():
            raise EnvironmentProblem("no answer")
        return 7

    poller = start(look)
    poll_until(lambda: len(poller.samples) > 2)
    first = poller.samples[0]
    assert (first.seen, poller.latest) == (None, None)
    assert first.answered_at is not None
    broken.clear()
    poll_until(lambda: poller.latest == 7)
    broken.set()
    poll_until(lambda: poller.latest is None)


def test_nothing_is_looked_at_after_the_stop(start: Start) -> None:
    """The look that is under way is the last."""
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


class Shop(FakeShop):
    """Its circuit tells of the last two of its changes only, and one gateway is silent."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = {GATEWAY_V1}
        self.changes = [{"at": str(n), "from": "CLOSED", "to": "OPEN", "why": ""} for n in range(4)]
        self.told = 2

    def circuit(self) -> dict[str, Any]:
        """Return one change more each time."""
        self.told = min(self.told + 1, len(self.changes))
        return circuit() | {"transitions": self.changes[self.told - 3 : self.told]}


def test_watch_keeps_every_change_of_the_circuit(poll_until: PollUntil) -> None:
    """Each once, in order, though the gateway forgets the older ones; a silent gateway delays nothing."""
    shop = Shop()
    watch = Watch(shop)
    try:
        poll_until(lambda: len(watch.transitions()) == 4)
        assert watch.transitions() == shop.changes
        poll_until(lambda: watch.gateways[GATEWAY_V2].latest and watch.recommendations.latest)
        poll_until(lambda: watch.gateways[GATEWAY_V1].samples)
        assert watch.gateways[GATEWAY_V1].latest is None
        assert set(watch.gateways) == set(GATEWAYS)
    finally:
        watch.stop()
