"""The ramp after recovery: a growing share of the calls is admitted, so that a cold dependency can warm up."""


class Ramp:
    """Admits a growing share of the calls for a while. Not thread-safe: the breaker's lock guards it."""

    def __init__(self, length_s: float) -> None:
        """`length_s` seconds after its start the ramp admits every call; so it does before its first start."""
        self._length_s = length_s
        self._ends_s = float("-inf")
        self._credit = 0.0

    def start(self, now_s: float) -> None:
        """Begin at a share of 0."""
        self._ends_s = now_s + self._length_s
        self._credit = 0.0

    def stop(self) -> None:
        """Admit every call."""
        self._ends_s = float("-inf")

    def share(self, now_s: float) -> float:
        """Return the share of calls that are admitted now."""
        return 1.0 if now_s >= self._ends_s else 1.0 - (self._ends_s - now_s) / self._length_s

    def admits(self, now_s: float) -> bool:
        """Return whether the next call is admitted: at a share of a quarter, every fourth is."""
        if now_s >= self._ends_s:
            return True
        self._credit += self.share(now_s)
        if self._credit < 1:
            return False
        self._credit -= 1
        return True
