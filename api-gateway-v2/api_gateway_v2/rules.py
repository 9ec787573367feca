"""What counts as a failure, and the rules by which failures and slow calls trip a CLOSED circuit."""

from collections import deque
from typing import Protocol

from api_gateway_v2.breaker_settings import BreakerSettings
from shopkit.errors import RequestRejected


class Permit:
    """Permission to make one call. The breaker hands it out, and takes it back once."""

    __slots__ = ("generation", "settled")

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.settled = False


def failure_in(error: BaseException | None) -> BaseException | None:
    """Return `error` if it is a fault of the dependency; a rejected request is an answer, not a fault."""
    return None if isinstance(error, RequestRejected) else error


class TripRule(Protocol):
    """Watches the calls of a CLOSED circuit and says when to trip. Not thread-safe: the breaker's lock guards it."""

    failures: int  # failures that count towards a trip

    def settled(self, call: Permit, error: BaseException | None) -> str:
        """Take a result, a success if `error` is None. Return the reason to trip, or an empty string."""

    def slow(self, call: Permit) -> str:
        """Take note that a call in flight is slow. Return the reason to trip, or an empty string."""

    def reset(self) -> None:
        """Start afresh: the circuit changed its state."""


class ConsecutiveFailures:
    """Trips when `fail_max` calls in a row have failed."""

    def __init__(self, fail_max: int) -> None:
        self.failures = 0
        self._fail_max = fail_max

    def settled(self, call: Permit, error: BaseException | None) -> str:  # noqa: ARG002 - TripRule's signature
        """Count a failure, or start again after a success."""
        if error is None:
            self.failures = 0
            return ""
        self.failures += 1
        return f"{self.failures} consecutive failures: {error}" if self.failures >= self._fail_max else ""

    def slow(self, call: Permit) -> str:  # noqa: ARG002 - TripRule's signature
        """Ignore slow calls."""
        return ""

    def reset(self) -> None:
        """Forget the failures."""
        self.failures = 0


class FailureRate:
    """Trips when the share of failures among the last `window_calls` calls reaches `rate`."""

    def __init__(self, rate: float, window_calls: int, minimum_calls: int) -> None:
        """With fewer than `minimum_calls` results the rate means nothing and does not trip."""
        self.failures = 0
        self._rate = rate
        self._minimum_calls = minimum_calls
        self._window: deque[bool] = deque(maxlen=window_calls)

    def settled(self, call: Permit, error: BaseException | None) -> str:  # noqa: ARG002 - TripRule's signature
        """Move the window on by one result."""
        if len(self._window) == self._window.maxlen:
            self.failures -= self._window[0]
        self._window.append(error is not None)
        self.failures += self._window[-1]
        calls = len(self._window)
        if calls < self._minimum_calls or self.failures < self._rate * calls:
            return ""
        return f"{self.failures} of the last {calls} calls failed"

    def slow(self, call: Permit) -> str:  # noqa: ARG002 - TripRule's signature
        """Ignore slow calls."""
        return ""

    def reset(self) -> None:
        """Empty the window."""
        self._window.clear()
        self.failures = 0


class SlowCallsInFlight:
    """Trips when `maximum` calls that are still in flight are slow, before any of them has timed out."""

    failures = 0  # a slow call is no failure yet

    def __init__(self, maximum: int) -> None:
        self._maximum = maximum
        self._slow: set[Permit] = set()

    def settled(self, call: Permit, error: BaseException | None) -> str:  # noqa: ARG002 - TripRule's signature
        """Forget the call: it is no longer in flight."""
        self._slow.discard(call)
        return ""

    def slow(self, call: Permit) -> str:
        """Count the call until it is settled."""
        self._slow.add(call)
        return f"{len(self._slow)} slow calls in flight" if len(self._slow) >= self._maximum else ""

    def reset(self) -> None:
        """Forget the calls: they belong to an earlier state."""
        self._slow.clear()


def trip_rules(settings: BreakerSettings) -> tuple[TripRule, ...]:
    """Return the rules that `settings` ask for."""
    slow_calls = SlowCallsInFlight(settings.fail_max)
    if settings.failure_rate is None:
        return (ConsecutiveFailures(settings.fail_max), slow_calls)
    return (FailureRate(settings.failure_rate, settings.window_calls, settings.minimum_calls), slow_calls)
