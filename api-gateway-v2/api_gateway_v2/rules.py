"""The definition of a failure, and the rules that trip a CLOSED circuit."""

from collections import deque
from typing import Protocol

from api_gateway_v2.breaker_settings import BreakerSettings
from shopkit.errors import RequestRejected


class Permit:
    """Permission to make one call. `Breaker.admit` gives it, `Breaker.settle` takes its result once."""

    __slots__ = ("generation", "settled")

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.settled = False


def failure_in(error: BaseException | None) -> BaseException | None:
    """Return `error` if the dependency is at fault, else None: a rejected request is a valid answer."""
    return None if isinstance(error, RequestRejected) else error


class TripRule(Protocol):
    """Decides when a CLOSED circuit trips. Not thread-safe: the breaker's lock guards it."""

    failures: int  # failures that count towards a trip

    def on_result(self, permit: Permit, error: BaseException | None) -> str:
        """Record a result, a success if `error` is None. Return the reason to trip, or an empty string."""

    def on_slow(self, permit: Permit) -> str:
        """Note that a call in flight is slow. Return the reason to trip, or an empty string."""

    def reset(self) -> None:
        """Forget all calls: the state has changed, or an operator took or returned control."""


class ConsecutiveFailures:
    """Trips when `fail_max` calls in a row have failed."""

    def __init__(self, fail_max: int) -> None:
        self.failures = 0
        self._fail_max = fail_max

    def on_result(self, permit: Permit, error: BaseException | None) -> str:  # noqa: ARG002 - TripRule's signature
        """Count a failure, or start again from zero after a success."""
        if error is None:
            self.failures = 0
            return ""
        self.failures += 1
        return f"{self.failures} consecutive failures: {error}" if self.failures >= self._fail_max else ""

    def on_slow(self, permit: Permit) -> str:  # noqa: ARG002 - TripRule's signature
        """Ignore slow calls."""
        return ""

    def reset(self) -> None:
        """Forget the failures."""
        self.failures = 0


class FailureRate:
    """Trips when the share of failures among the last `window_calls` calls reaches `rate`."""

    def __init__(self, rate: float, window_calls: int, minimum_calls: int) -> None:
        """The rule cannot trip before `minimum_calls` results: a rate of so few means nothing."""
        self.failures = 0
        self._rate = rate
        self._minimum_calls = minimum_calls
        self._window: deque[bool] = deque(maxlen=window_calls)

    def on_result(self, permit: Permit, error: BaseException | None) -> str:  # noqa: ARG002 - TripRule's signature
        """Add a result to the window; the oldest one drops out of a full window."""
        if len(self._window) == self._window.maxlen:
            self.failures -= self._window[0]
        self._window.append(error is not None)
        self.failures += self._window[-1]
        calls = len(self._window)
        if calls < self._minimum_calls or self.failures < self._rate * calls:
            return ""
        return f"{self.failures} of the last {calls} calls failed"

    def on_slow(self, permit: Permit) -> str:  # noqa: ARG002 - TripRule's signature
        """Ignore slow calls."""
        return ""

    def reset(self) -> None:
        """Empty the window."""
        self._window.clear()
        self.failures = 0


class SlowCallsInFlight:
    """Trips when `maximum` calls in flight are slow, without waiting for any of them to time out."""

    failures = 0  # a slow call is no failure yet

    def __init__(self, maximum: int) -> None:
        self._maximum = maximum
        self._slow: set[Permit] = set()

    def on_result(self, permit: Permit, error: BaseException | None) -> str:  # noqa: ARG002 - TripRule's signature
        """Forget the call: it is no longer in flight."""
        self._slow.discard(permit)
        return ""

    def on_slow(self, permit: Permit) -> str:
        """Count the call until its result arrives."""
        self._slow.add(permit)
        return f"{len(self._slow)} slow calls in flight" if len(self._slow) >= self._maximum else ""

    def reset(self) -> None:
        """Forget the calls: they belong to an earlier state."""
        self._slow.clear()


def trip_rules(settings: BreakerSettings) -> tuple[TripRule, ...]:
    """Return the trip rules that `settings` select."""
    # One number serves both rules: as many slow calls in flight trip the circuit as consecutive failures.
    slow_calls = SlowCallsInFlight(settings.fail_max)
    if settings.failure_rate is None:
        return (ConsecutiveFailures(settings.fail_max), slow_calls)
    return (FailureRate(settings.failure_rate, settings.window_calls, settings.minimum_calls), slow_calls)
