"""Those who listen: each browser gets the same picture, which is made once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

QUIET_S = 5.0  # without a picture for so long, a sign of life is sent


class Audience:
    """Hands the latest picture to everyone who waits for it. Safe to share between threads."""

    def __init__(self, seats: int) -> None:
        """`seats` are the browsers that can listen at once."""
        self.size = 0
        self._seats = seats
        self._changed = threading.Condition()
        self._number = 0
        self._picture = ""

    def show(self, picture: str) -> None:
        """Hand out the next picture."""
        with self._changed:
            self._number += 1
            self._picture = picture
            self._changed.notify_all()

    @contextmanager
    def seat(self) -> Iterator[bool]:
        """Hold a seat during the block, where there is one: False says that all are taken."""
        with self._changed:
            found = self.size < self._seats
            self.size += found
        try:
            yield found
        finally:
            with self._changed:
                self.size -= found

    def pictures(self) -> Iterator[str]:
        """Yield the latest picture whenever there is a new one, or nothing in a quiet time; slow readers skip some."""
        seen = 0
        while True:
            with self._changed:
                if self._number == seen:
                    self._changed.wait(QUIET_S)
                fresh, seen, picture = self._number != seen, self._number, self._picture
            yield picture if fresh else ""
