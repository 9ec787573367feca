"""A pool of threads that run from the start."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from shopkit.thread_pool import NoMoreThreads, ThreadPool

PollUntil = Callable[..., None]


def wait_for(event: threading.Event) -> None:
    """Wait for an event."""
    event.wait(10)


def test_runs_as_many_tasks_at_once_as_it_has_threads() -> None:
    """Three threads run three tasks at once, and a fourth task starts when one of them has ended."""
    pool = ThreadPool(3, "test")
    together = threading.Barrier(4)
    done: SimpleQueue[int] = SimpleQueue()

    def meet(number: int) -> None:
        together.wait(10)
        done.put(number)

    for number in range(3):
        pool.submit(lambda number=number: meet(number))  # type: ignore[misc]
    pool.submit(lambda: done.put(3))
    assert done.empty()
    together.wait(10)

    assert {done.get(timeout=10) for _ in range(4)} == {0, 1, 2, 3}


def test_waiting_tasks_start_in_their_order() -> None:
    """Tasks that find no idle thread run in the order in which they came."""
    pool = ThreadPool(1, "test")
    gate = threading.Event()
    order: SimpleQueue[int] = SimpleQueue()
    pool.submit(lambda: wait_for(gate))
    for number in range(5):
        pool.submit(lambda number=number: order.put(number))  # type: ignore[misc]
    gate.set()

    assert [order.get(timeout=10) for _ in range(5)] == [0, 1, 2, 3, 4]


def test_last_idle_thread_works_next(poll_until: PollUntil) -> None:
    """Tasks one after the other stay on one thread of many."""
    pool = ThreadPool(8, "test")
    names: list[str] = []
    for count in range(1, 20):
        pool.submit(lambda: names.append(threading.current_thread().name))
        poll_until(lambda count=count: len(names) == count and len(pool._idle) == 8)

    assert len(set(names)) == 1


def test_pool_starts_all_threads_and_ends_them() -> None:
    """Every thread runs before there is any work, and none is left after the end of the pool."""
    before = threading.active_count()
    pool = ThreadPool(3, "test")
    assert threading.active_count() == before + 3

    pool.shutdown(wait=True)

    assert threading.active_count() == before


def test_names_the_number_of_threads_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system starts only some of the threads, the error names the number, and those that started end."""
    before = threading.active_count()
    start = threading.Thread.start

    def limited(thread: threading.Thread) -> None:
        if threading.active_count() == before + 2:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", limited)
    with pytest.raises(NoMoreThreads, match="cannot start 3 threads: this system allows no more; raise the limit"):
        ThreadPool(3, "test")
    assert threading.active_count() == before
