"""The rules that trip a CLOSED circuit."""

from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.permits import Permit
from api_gateway_v2.windows import CountWindow, TimeWindow, Window

WAITS_FROM = 0.2  # of the slow-call time
RECENT_S = 5.0  # how long a failure speaks against the dependency, if nothing has succeeded since


class TripRule:
    """Override the events you want; return the reason to trip, or an empty string.

    Not thread-safe: the breaker's lock guards it. `now_s` is the time on the breaker's clock.
    """

    def on_admit(self, permit: Permit) -> None:
        """Note that a call begins."""

    def on_result(self, permit: Permit, error: BaseException | None, now_s: float) -> str:  # noqa: ARG002 - may be overridden
        """Record a result, a success if `error` is None."""
        return ""

    def on_ignored(self, permit: Permit) -> None:
        """Record that a call ended in a way that is neither success nor failure."""

    def on_slow(self, permit: Permit, now_s: float) -> str:  # noqa: ARG002 - may be overridden
        """Note that a call in flight is slow. It may be told again and again of the same call."""
        return ""

    def failures(self, now_s: float) -> int:  # noqa: ARG002 - may be overridden
        """Return how many failures count towards a trip."""
        return 0

    def suspects(self, now_s: float) -> bool:  # noqa: ARG002 - may be overridden
        """Return whether the latest calls speak against the dependency, though not enough to trip."""
        return False

    def reset(self) -> None:
        """Forget all calls: the state has changed, or an operator took or returned control."""


class ConsecutiveFailures(TripRule):
    """Trips when `fail_max` calls in a row have failed."""

    def __init__(self, fail_max: int) -> None:
        self._fail_max = fail_max
        self._failures = 0
        self._failed_at_s = 0.0  # the last of them

    def on_result(self, permit: Permit, error: BaseException | None, now_s: float) -> str:  # noqa: ARG002 - TripRule's signature
        """Count a failure, or start again from zero after a success."""
        if error is None:
            self._failures = 0
            return ""
        self._failures += 1
        self._failed_at_s = now_s
        return f"{self._failures} consecutive failures: {error}" if self._failures >= self._fail_max else ""

    def failures(self, now_s: float) -> int:  # noqa: ARG002 - TripRule's signature
        """Return the failures since the last success."""
        return self._failures

    def suspects(self, now_s: float) -> bool:
        """Return whether the last result is a failure, and recent."""
        return self._failures > 0 and now_s - self._failed_at_s <= RECENT_S

    def reset(self) -> None:
        """Forget the failures."""
        self._failures = 0


class FailureRate(TripRule):
    """Trips when the share of failed calls in the window reaches `rate`."""

    def __init__(self, rate: float, window: Window, minimum_calls: int) -> None:
        """The rule cannot trip before `minimum_calls` results: a rate of so few means nothing."""
        self._rate = rate
        self._window = window
        self._minimum_calls = minimum_calls
        self._failed_at_s: float | None = None  # None: the last result is a success, or there is none

    def on_result(self, permit: Permit, error: BaseException | None, now_s: float) -> str:  # noqa: ARG002 - TripRule's signature
        """Add the result to the window."""
        self._failed_at_s = None if error is None else now_s
        self._window.add(now_s, bad=error is not None)
        calls, failed = self._window.counts(now_s)
        if calls < self._minimum_calls or failed < self._rate * calls:
            return ""
        return f"{failed} of the last {calls} calls failed"

    def failures(self, now_s: float) -> int:
        """Return the failed calls in the window."""
        return self._window.counts(now_s)[1]

    def suspects(self, now_s: float) -> bool:
        """Return whether the last result is a failure, and recent."""
        return self._failed_at_s is not None and now_s - self._failed_at_s <= RECENT_S

    def reset(self) -> None:
        """Empty the window."""
        self._failed_at_s = None
        self._window.clear()


class SlowCallRate(TripRule):
    """Trips when the share of slow calls reaches `rate`: in the window, and calls in flight that are slow already."""

    def __init__(self, rate: float, slow_call_s: float, window: Window, minimum_calls: int) -> None:
        """A call is slow when it has taken `slow_call_s` seconds. The rule needs `minimum_calls` to trip."""
        self._rate = rate
        self._slow_call_s = slow_call_s
        self._window = window
        self._minimum_calls = minimum_calls
        self._in_flight: set[Permit] = set()  # slow calls that have not ended

    def on_result(self, permit: Permit, error: BaseException | None, now_s: float) -> str:  # noqa: ARG002 - TripRule's signature
        """Add the result to the window, by its duration alone."""
        self._in_flight.discard(permit)
        self._window.add(now_s, bad=now_s - permit.admitted_at_s >= self._slow_call_s)
        return self._verdict(now_s)

    def on_ignored(self, permit: Permit) -> None:
        """Forget the call."""
        self._in_flight.discard(permit)

    def on_slow(self, permit: Permit, now_s: float) -> str:
        """Count the call as slow before it has ended."""
        self._in_flight.add(permit)
        return self._verdict(now_s)

    def reset(self) -> None:
        """Forget all calls."""
        self._window.clear()
        self._in_flight.clear()

    def _verdict(self, now_s: float) -> str:
        calls, slow = (count + len(self._in_flight) for count in self._window.counts(now_s))
        if calls < self._minimum_calls or slow < self._rate * calls:
            return ""
        return f"{slow} of the last {calls} calls slower than {self._slow_call_s:g} s"


class SilentDependency(TripRule):
    """Trips when a call is slow, `maximum` calls wait, and no call has succeeded since the slow one was admitted.

    It does not wait for a timeout, so it notices a hang as soon as the first call is slow. A success speaks for every
    call admitted before it: a dependency that answers most calls is not silent, however long its tail is.
    """

    def __init__(self, maximum: int, slow_call_s: float) -> None:
        """A call waits from a fraction of `slow_call_s` seconds on: one that has only just begun says nothing."""
        self._maximum = maximum
        self._slow_call_s = slow_call_s
        self._waits_from_s = WAITS_FROM * slow_call_s
        self._unanswered: set[Permit] = set()  # in flight, and admitted after the last success

    def on_admit(self, permit: Permit) -> None:
        """Watch the call until it ends, or a success speaks for it."""
        self._unanswered.add(permit)

    def on_result(self, permit: Permit, error: BaseException | None, now_s: float) -> str:  # noqa: ARG002 - TripRule's signature
        """Forget the call; after a success, forget every call."""
        if error is None:
            self._unanswered.clear()
        else:
            self._unanswered.discard(permit)
        return ""

    def on_ignored(self, permit: Permit) -> None:
        """Forget the call."""
        self._unanswered.discard(permit)

    def on_slow(self, permit: Permit, now_s: float) -> str:
        """Count the calls that wait, unless a success has spoken for the slow one."""
        if permit not in self._unanswered:
            return ""
        waiting = self._waiting(now_s)
        if waiting < self._maximum:
            return ""
        return f"{waiting} calls wait, one for {self._slow_call_s:g} s, and none has succeeded since it began"

    def suspects(self, now_s: float) -> bool:
        """Return whether a call waits."""
        return self._waiting(now_s) > 0

    def reset(self) -> None:
        """Forget the calls: they belong to an earlier state."""
        self._unanswered.clear()

    def _waiting(self, now_s: float) -> int:
        return sum(now_s - call.admitted_at_s >= self._waits_from_s for call in self._unanswered)


def trip_rules(settings: BreakerSettings) -> tuple[TripRule, ...]:
    """Return the trip rules that `settings` select."""
    rules: list[TripRule] = [SilentDependency(settings.fail_max, settings.slow_call_s)]
    if settings.failure_rate is None:
        rules.append(ConsecutiveFailures(settings.fail_max))
    else:
        rules.append(FailureRate(settings.failure_rate, _window(settings), settings.minimum_calls))
    if settings.slow_call_rate is not None:
        rules.append(
            SlowCallRate(settings.slow_call_rate, settings.slow_call_s, _window(settings), settings.minimum_calls)
        )
    return tuple(rules)


def _window(settings: BreakerSettings) -> Window:
    return CountWindow(settings.window_calls) if settings.window_s is None else TimeWindow(settings.window_s)
