"""The settings of one circuit breaker."""

from dataclasses import dataclass
from typing import Any, Literal

TripPolicy = Literal["consecutive-failures", "failure-rate", "slow-call-rate"]


@dataclass(frozen=True, slots=True)
class BreakerSettings:
    """Every setting with its default and unit."""

    fail_max: int = 3  # consecutive failures, or calls that wait for a silent dependency, that trip
    failure_rate: float | None = None  # share of failed calls that trips, 0 to 1; None: consecutive failures trip
    slow_call_rate: float | None = None  # share of slow calls that trips as well, 0 to 1; None: no such rule
    slow_call_s: float = 0.5  # seconds after which a call is slow
    window_calls: int = 20  # how many of the last calls the rates cover
    window_s: float | None = None  # seconds that the rates cover instead; None: by count
    minimum_calls: int = 10  # how many calls the window needs before a rate can trip
    reset_timeout_s: float = 10.0  # cooldown: seconds from OPEN to the probe
    reset_growth: float = 1.0  # factor of the cooldown after each failed probe; 1: no growth
    reset_timeout_max_s: float = 60.0  # seconds beyond which the cooldown does not grow
    reset_jitter: float = 0.0  # share by which each cooldown is randomly longer or shorter, 0 to 1
    probes_to_close: int = 1  # successful probes in a row that close the circuit
    ramp_s: float = 0.0  # seconds after recovery in which the share of admitted calls grows from 0 to 1; 0: at once

    @classmethod
    def of_policy(
        cls,
        trip_policy: TripPolicy,
        *,
        failure_rate: float,
        slow_call_rate: float,
        window_s: float,
        **others: Any,
    ) -> "BreakerSettings":
        """Return settings with the rates that this policy uses, and no other; a window of 0 s is one by count."""
        return cls(
            failure_rate=None if trip_policy == "consecutive-failures" else failure_rate,
            slow_call_rate=slow_call_rate if trip_policy == "slow-call-rate" else None,
            window_s=window_s or None,
            **others,
        )
