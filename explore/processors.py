"""Work on all processors."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

AT_ONCE = 8  # items that a process takes at a time

Told = Callable[[int, int], None]  # items that are done, of so many
Item = TypeVar("Item")
Result = TypeVar("Result")


def nobody(_done: int, _of: int) -> None:
    """Tell nobody."""


def on_all_processors(how: Callable[[Item], Result], items: Sequence[Item], told: Told) -> Iterator[Result]:
    """Yield the result of each item, in their order; tell after each how many are done."""
    with _processes() as processes:
        for done, result in enumerate(processes.map(how, items, chunksize=AT_ONCE), start=1):
            told(done, len(items))
            yield result


@contextmanager
def _processes() -> Iterator[ProcessPoolExecutor]:
    """Run a process for each processor; all end with the block, whatever ends it."""
    made = ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"))
    try:
        yield made
    finally:
        made.shutdown(cancel_futures=True)
