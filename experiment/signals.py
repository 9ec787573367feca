"""Hold back Ctrl-C, SIGTERM and SIGHUP while a process is started or stopped. Ignored signals stay ignored (nohup)."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], object] | int | None  # as the module signal has it
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def handle(handler: Handler, *numbers: signal.Signals) -> dict[signal.Signals, Handler]:
    """Handle those of the signals that are not ignored; return the handlers that they had."""
    heard = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    return {number: signal.signal(number, handler) for number in heard}


@contextmanager
def held_back() -> Iterator[None]:
    """Run the block to its end; signals take effect after it. Use it in the main thread only."""
    received: list[tuple[int, FrameType | None]] = []
    handlers = handle(lambda *signalled: received.append(signalled), *ENDING)
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
