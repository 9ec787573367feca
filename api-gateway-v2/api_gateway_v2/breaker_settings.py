"""The settings of one circuit breaker."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakerSettings:
    """Every setting with its default and unit."""

    fail_max: int = 3  # consecutive failures, or slow calls in flight, that trip
    failure_rate: float | None = None  # share of failed calls that trips, 0 to 1; None: consecutive failures trip
    window_calls: int = 20  # how many of the last calls the failure rate covers
    minimum_calls: int = 10  # how many calls the window needs before the failure rate can trip
    reset_timeout_s: float = 10.0  # cooldown: seconds from OPEN to the probe
    reset_growth: float = 1.0  # factor of the cooldown after each failed probe; 1: no growth
    reset_timeout_max_s: float = 60.0  # seconds beyond which the cooldown does not grow
    reset_jitter: float = 0.0  # share by which each cooldown is randomly longer or shorter, 0 to 1
