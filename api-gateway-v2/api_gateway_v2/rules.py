"""The rules of a circuit: when it trips, and how long it stays OPEN."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """Every rule, with its default and unit."""

    fail_max: int = 3  # consecutive failures that trip; also how many slow calls in flight do
    failure_rate: float | None = (
        None  # share, 0 to 1, of the last calls; when set, it trips instead of fail_max in a row
    )
    window_calls: int = 20  # how many last calls the failure rate is of
    minimum_calls: int = 10  # how many there must be before the rate means anything
    reset_timeout_s: float = 10.0  # cooldown: seconds that the circuit stays OPEN before a probe
    reset_growth: float = 1.0  # the cooldown's factor after each failed probe; 1 is no growth
    reset_timeout_max_s: float = 60.0  # seconds; the cooldown does not grow beyond
    reset_jitter: float = 0.0  # share, 0 to 1, by which chance moves each cooldown up or down


class FailureWindow:
    """The results of the last calls, for the failure rate. Not safe to share: the breaker's lock guards it."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._failed: deque[bool] = deque(maxlen=rules.window_calls)
        self.failures = 0

    def record(self, *, failed: bool) -> str:
        """Take one result; return why to trip, or nothing."""
        if len(self._failed) == self._rules.window_calls:
            self.failures -= self._failed[0]
        self._failed.append(failed)
        self.failures += failed
        calls = len(self._failed)
        if self._rules.failure_rate is None or calls < self._rules.minimum_calls:
            return ""
        enough = self.failures >= self._rules.failure_rate * calls
        return f"{self.failures} of the last {calls} calls failed" if enough else ""

    def clear(self) -> None:
        """Forget every result."""
        self._failed.clear()
        self.failures = 0


def cooldown_s(rules: Rules, failed_probes: int, chance: Callable[[], float] = random.random) -> float:
    """Return how long to stay OPEN after `failed_probes` probes in a row have failed.

    Growth is exponential, with a maximum. Jitter spreads the probes of many gateways that tripped at the same moment.
    """
    grown_s = rules.reset_timeout_s * rules.reset_growth ** min(failed_probes, 64)
    bounded_s = min(grown_s, max(rules.reset_timeout_s, rules.reset_timeout_max_s))
    return bounded_s * (1 + rules.reset_jitter * (2 * chance() - 1))
