"""Ctrl-C, SIGTERM and SIGHUP at a bad moment: held back until a process is on its list, or stopped."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def held_back() -> Iterator[None]:
    """Run the block to its end; a signal that asks to end takes effect after it. For the main thread."""
    received: list[tuple[int, FrameType | None]] = []
    handlers = {number: signal.signal(number, lambda *signalled: received.append(signalled)) for number in ENDING}
    try:
        yield
    finally:
        for ending, handler in handlers.items():
            signal.signal(ending, handler)
        if received:
            number, frame = received[0]
            held = handlers[signal.Signals(number)]
            if callable(held):
                held(number, frame)
