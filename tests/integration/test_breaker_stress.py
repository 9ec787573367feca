"""The breaker and the guard under many threads; what must hold is checked afterwards."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.guard import Guard
from api_gateway_v2.rules import Rules
from api_gateway_v2.transitions import State, Transition

THREADS = 64
CALLS = 50_000


class Tally:
    """Counts under a lock of its own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.admitted = self.refused = self.refused_by_probe = 0
        self.probes = self.probing = self.most_probes = 0
        self.broken: list[str] = []


def test_breaker_keeps_its_word_under_64_threads() -> None:
    """50,000 calls: never two probes at once, counts that add up, transitions that join up, nothing admitted OPEN."""
    breaker = Breaker("dependency", Rules(fail_max=3, reset_timeout_s=0.0005))
    tally = Tally()
    transitions: list[Transition] = []

    class Recorder:
        def transition(self, transition: Transition) -> None:
            transitions.append(transition)

    breaker.add_listener(Recorder())

    def work(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a simulation
        for _ in range(CALLS // THREADS):
            _call(breaker, tally, chance)
            _probe(breaker, tally, chance)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))

    calls = breaker.calls
    assert tally.broken == []
    assert tally.most_probes == 1
    assert tally.admitted + tally.refused == CALLS // THREADS * THREADS
    assert calls.successful + calls.failed + calls.late == tally.admitted + tally.probes
    assert calls.short_circuited == tally.refused + tally.refused_by_probe
    assert breaker.generation == len(transitions)
    kept = list(breaker.transitions)
    assert all(a.to_state is b.from_state for a, b in pairwise(kept))
    assert len(transitions) > 50, "the circuit moved"


def _call(breaker: Breaker, tally: Tally, chance: random.Random) -> None:
    generation, state = breaker.generation, breaker.state
    permit = breaker.admit()
    with tally.lock:
        if permit is None:
            tally.refused += 1
            return
        tally.admitted += 1
        if state is State.OPEN and generation == breaker.generation == permit.generation:
            tally.broken.append("admitted while OPEN")
    if chance.random() < 0.05:
        breaker.slow(permit)
    breaker.settle(permit, TimeoutError() if chance.random() < 0.3 else None)


def _probe(breaker: Breaker, tally: Tally, chance: random.Random) -> None:
    permit = breaker.begin_probe()
    if permit is None:
        return
    with tally.lock:
        tally.probes += 1
        tally.probing += 1
        tally.most_probes = max(tally.most_probes, tally.probing)
    if breaker.begin_probe() is not None or breaker.admit() is not None:
        tally.broken.append("let in beside the probe")
    with tally.lock:
        tally.refused_by_probe += 1
        tally.probing -= 1
    breaker.settle(permit, TimeoutError() if chance.random() < 0.5 else None)


def test_guard_loses_no_waiter_under_64_threads(poll_until: Callable[..., None]) -> None:
    """Calls that hang, fail and succeed while the circuit trips again and again: every request gets an answer."""
    breaker = Breaker("dependency", Rules(fail_max=3, reset_timeout_s=0.01))
    guard = Guard(breaker, max_concurrent=10, deadline_s=0.2, slow_call_s=0.02)
    release = threading.Event()
    running = Tally()

    def dependency(number: int) -> int:
        with running.lock:
            running.admitted += 1
            running.probes = max(running.probes, running.admitted)
        try:
            if number % 50 == 0:
                release.wait(0.1)  # hangs for five times the slow-call time
            if number % 7 == 0:
                raise ConnectionError
            return number
        finally:
            with running.lock:
                running.admitted -= 1

    def work(first: int) -> list[tuple[int, bool]]:
        answers = []
        for number in range(first, first + 60):
            answers.append(guard.start(dependency, number).result_or(-1))
            permit = breaker.begin_probe()
            if permit:
                breaker.settle(permit)
        return answers

    with ThreadPoolExecutor(THREADS) as threads:
        results = [answer for some in threads.map(work, range(0, THREADS * 60, 60)) for answer in some]

    assert len(results) == THREADS * 60
    assert all((number == -1) == degraded for number, degraded in results)
    assert 0 < running.probes <= guard.max_concurrent
    poll_until(lambda: guard.in_flight == 0)
