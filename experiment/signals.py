"""Hold back Ctrl-C, SIGTERM and SIGHUP while a process is started or stopped."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def held_back() -> Iterator[None]:
    """Run the block to its end; signals take effect after it. Use it in the main thread only."""
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
