"""The breaker and the guard under 64 threads."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

from api_gateway_v2.background_guard import BackgroundGuard, GuardedCall
from api_gateway_v2.breaker import Breaker
from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.bulkhead import Bulkhead, FixedLimit
from api_gateway_v2.probe_call import ProbeCall
from api_gateway_v2.transitions import State
from shopkit.errors import RequestRejected
from support.circuits import EventRecorder

THREADS = 64
CALLS = 50_000
RESULTS = (None, None, None, None, None, TimeoutError(), TimeoutError(), RequestRejected(404, "no"))


class StressTally:
    """Counts under a lock of its own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.admitted = self.refused = self.refused_by_probe = 0
        self.probes = self.probing = self.most_probes = 0
        self.broken: list[str] = []


def test_breaker_keeps_its_invariants_under_64_threads() -> None:
    """50,000 calls: one probe at a time, counts add up, transitions arrive in order, OPEN admits nothing."""
    settings = BreakerSettings(fail_max=3, reset_timeout_s=0.0005, probes_to_close=2, ramp_s=0.001)
    breaker = Breaker("dependency", settings)
    tally = StressTally()
    recorder = EventRecorder()
    breaker.add_listener(recorder)

    def work(seed: int) -> None:
        rng = random.Random(seed)  # noqa: S311 - a simulation
        for _ in range(CALLS // THREADS):
            _call(breaker, tally, rng)
            _probe(breaker, tally, rng)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))

    now = breaker.snapshot()
    calls = now.calls
    assert tally.broken == []
    assert tally.most_probes == 1
    assert tally.admitted + tally.refused == CALLS // THREADS * THREADS
    assert calls.successful + calls.failed + calls.ignored + calls.late == tally.admitted + tally.probes
    assert calls.short_circuited == tally.refused + tally.refused_by_probe
    heard = recorder.transitions
    assert now.generation == len(heard)
    assert now.transitions == tuple(heard[-len(now.transitions) :])
    assert all(a.to_state is b.from_state for a, b in pairwise(heard))
    assert len(heard) > 50, "the circuit moved"


def _call(breaker: Breaker, tally: StressTally, rng: random.Random) -> None:
    before = breaker.snapshot()
    permit = breaker.admit()
    with tally.lock:
        if permit is None:
            tally.refused += 1
            return
        tally.admitted += 1
        if before.state is State.OPEN and before.generation == permit.generation:
            tally.broken.append("admitted while OPEN")
    if rng.random() < 0.05:
        breaker.slow(permit)
    breaker.settle(permit, rng.choice(RESULTS))


def _probe(breaker: Breaker, tally: StressTally, rng: random.Random) -> None:
    permit = breaker.admit_probe()
    if permit is None:
        return
    with tally.lock:
        tally.probes += 1
        tally.probing += 1
        tally.most_probes = max(tally.most_probes, tally.probing)
    if breaker.admit_probe() is not None or breaker.admit() is not None:
        tally.broken.append("let in beside the probe")
    with tally.lock:
        tally.refused_by_probe += 1
        tally.probing -= 1
    breaker.settle(permit, TimeoutError() if rng.random() < 0.5 else None)


def test_guard_loses_no_waiter_under_64_threads(poll_until: Callable[..., None]) -> None:
    """Every request gets an answer while calls hang, fail and succeed and the circuit trips again and again."""
    breaker = Breaker("dependency", BreakerSettings(fail_max=3, reset_timeout_s=0.01, slow_call_s=0.02))
    bulkhead = Bulkhead[GuardedCall[Any]](FixedLimit(10), 10)
    guard = BackgroundGuard(breaker, bulkhead, ProbeCall(lambda: None), deadline_s=0.2, patience_s=0.2)
    breaker.add_listener(guard)
    release = threading.Event()
    running = StressTally()

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
            permit = breaker.admit_probe()
            if permit:
                breaker.settle(permit)
        return answers

    with ThreadPoolExecutor(THREADS) as threads:
        results = [answer for some in threads.map(work, range(0, THREADS * 60, 60)) for answer in some]

    assert len(results) == THREADS * 60
    assert all((number == -1) == degraded for number, degraded in results)
    assert 0 < running.probes <= bulkhead.places
    poll_until(lambda: guard.snapshot().bulkhead.in_flight == 0)
