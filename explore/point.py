"""One choice of all settings of the guard. Standard library only: the command line makes points."""

from dataclasses import dataclass
from typing import Any, Literal

Policy = Literal["consecutive-failures", "failure-rate", "slow-call-rate"]


@dataclass(frozen=True, slots=True)
class Point:
    """Settings of api-gateway-v2 that decide how its guard behaves; defaults and units as in docs/settings.md."""

    fail_max: int = 3
    trip_policy: Policy = "consecutive-failures"
    failure_rate: float = 0.5
    slow_call_rate: float = 0.5
    window_calls: int = 20
    window_s: float = 0.0  # 0: by count
    minimum_calls: int = 10
    slow_call_s: float = 0.5
    reset_timeout_s: float = 10.0
    reset_growth: float = 1.0
    reset_timeout_max_s: float = 60.0
    reset_jitter: float = 0.0
    probes_to_close: int = 1
    ramp_s: float = 0.0
    deadline_s: float = 2.0
    patience_s: float = 0.9
    max_concurrent: int = 10
    bulkhead_counts: Literal["overdue", "all"] = "overdue"
    threads: int = 64

    @property
    def breaker(self) -> dict[str, Any]:
        """The settings of the circuit, by the names that api-gateway-v2's `BreakerSettings.of_policy` takes."""
        return {name: getattr(self, name) for name in _BREAKER}

    @property
    def environment(self) -> dict[str, str]:
        """The settings by the names of their variables."""
        return {
            **{f"BREAKER_{name.upper()}": f"{value}" for name, value in self.breaker.items()},
            "RECOMMENDATIONS_DEADLINE_S": f"{self.deadline_s:g}",
            "RECOMMENDATIONS_PATIENCE_S": f"{self.patience_s:g}",
            "BULKHEAD_MAX_CONCURRENT": f"{self.max_concurrent}",
            "BULKHEAD_COUNTS": self.bulkhead_counts,
            "GATEWAY_THREADS": f"{self.threads}",
        }


_BREAKER = (
    "fail_max",
    "trip_policy",
    "failure_rate",
    "slow_call_rate",
    "window_calls",
    "window_s",
    "minimum_calls",
    "slow_call_s",
    "reset_timeout_s",
    "reset_growth",
    "reset_timeout_max_s",
    "reset_jitter",
    "probes_to_close",
    "ramp_s",
)
