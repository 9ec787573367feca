"""Work on all processors."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import TypeVar

from experiment.errors import EnvironmentProblem
from experiment.signals import held_back

AT_ONCE = 4  # items that a process takes at a time

Told = Callable[[int, int], None]  # items that are done, of so many
Item = TypeVar("Item")
Result = TypeVar("Result")


def nobody(_done: int, _of: int) -> None:
    """Tell nobody."""


def on_all_processors(how: Callable[[Item], Result], items: Sequence[Item], told: Told) -> Iterator[Result]:
    """Yield the result of each item, in their order; tell after each how many are done.

    Raises:
        EnvironmentProblem: a process was ended, such as for want of memory.
    """
    with _processes() as processes:
        # no signal cuts the start of a process short, and none of them sees Ctrl-C: the parent ends them
        with held_back(), _ctrl_c_blocked():
            results = processes.map(how, items, chunksize=AT_ONCE)
        try:
            for done, result in enumerate(results, start=1):
                told(done, len(items))
                yield result
        except BrokenProcessPool:
            raise EnvironmentProblem("a process of the search was ended; is there memory enough?") from None


@contextmanager
def _processes() -> Iterator[ProcessPoolExecutor]:
    """Run a process for each processor; all end with the block, whatever ends it."""
    made = ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), initializer=_end_with_parent)
    try:
        yield made
    finally:
        made.shutdown(cancel_futures=True)


@contextmanager
def _ctrl_c_blocked() -> Iterator[None]:
    """Block SIGINT in this thread until the end of the block; in what is started meanwhile, it stays blocked."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """Let this process end as soon as its parent has, however that ended."""
    threading.Thread(target=_wait_for_parent, name="parent", daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    assert parent  # noqa: S101 - this runs in a process of the pool
    parent.join()
    os._exit(1)
