"""What tests do to a circuit."""

from dataclasses import dataclass

from api_gateway_v2.breaker import Breaker, Permit


@dataclass
class Clock:
    """A monotonic clock that stands still until it is moved."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now_s

    def move(self, seconds: float) -> None:
        """Let time go by."""
        self.now_s += seconds


def admitted(breaker: Breaker) -> Permit:
    """Return a permit, which there must be."""
    permit = breaker.admit()
    assert permit is not None
    return permit


def fail(breaker: Breaker, times: int = 3, error: Exception | None = None) -> None:
    """Make calls that fail."""
    for _ in range(times):
        breaker.settle(admitted(breaker), error or ConnectionError("refused"))


def succeed(breaker: Breaker, times: int = 1) -> None:
    """Make calls that succeed."""
    for _ in range(times):
        breaker.settle(admitted(breaker))


def probe(breaker: Breaker, error: Exception | None = None) -> None:
    """Make the probe, which must be due."""
    permit = breaker.begin_probe()
    assert permit is not None
    breaker.settle(permit, error)
