"""The point for resilience4j in Spring Boot: CircuitBreaker, TimeLimiter and Bulkhead.

Settings, defaults and meanings: https://resilience4j.readme.io/docs/circuitbreaker,
https://resilience4j.readme.io/docs/timeout, https://resilience4j.readme.io/docs/bulkhead.

What application.yml may hold is stricter than what the library takes. Rates are 1 to 100 %, the factor of the random
wait is below 1, and random and exponential waits exclude each other (CommonCircuitBreakerConfigurationProperties):
https://github.com/resilience4j/resilience4j/tree/master/resilience4j-framework-common

N of the last N calls are a row of N, so failures in a row are exact, and the maintainer says so:
https://github.com/resilience4j/resilience4j/issues/6. In HALF-OPEN the same rates hold for the permitted
calls, or for minimumNumberOfCalls of them if that is less (CircuitBreakerMetrics.forHalfOpen):
https://github.com/resilience4j/resilience4j/tree/master/resilience4j-circuitbreaker

A window of time has whole seconds. By default the bulkhead is inside the circuit breaker, which takes its refusals for
failures: https://github.com/resilience4j/resilience4j/issues/1657,
https://github.com/resilience4j/resilience4j/issues/1656.
"""

import math

from explore.point import Point
from explore.translations import gaps
from explore.translations.durations import with_unit
from explore.translations.translation import Translation, said

LEAST_RATE = 0.01
MOST_JITTER = 0.99  # 1 is rejected


def translate(point: Point) -> Translation:
    """Return application.yml with one instance of each module."""
    circuit = {**_window(point), **_cooldown(point), "permittedNumberOfCallsInHalfOpenState": point.probes_to_close}
    lines = [
        "# application.yml",
        "resilience4j:",
        *_instance("circuitbreaker", circuit),
        "        ignoreExceptions: # a full bulkhead says nothing about the dependency",
        "          - io.github.resilience4j.bulkhead.BulkheadFullException",
        *_instance("timelimiter", {"timeoutDuration": _duration(point.deadline_s)}),
        *_instance("bulkhead", {"maxConcurrentCalls": point.max_concurrent, "maxWaitDuration": "0s"}),
    ]
    return Translation("resilience4j", "yaml", "\n".join(lines) + "\n", _cannot(point), _differs(point))


def _instance(module: str, settings: dict[str, object]) -> list[str]:
    head = [f"  {module}:", "    instances:", "      recommendations:"]
    return head + [f"        {name}: {value}" for name, value in settings.items()]


def _window(point: Point) -> dict[str, object]:
    by_time = gaps.by_rate(point) and point.window_s > 0
    window: dict[str, object] = {
        "slidingWindowType": "TIME_BASED" if by_time else "COUNT_BASED",
        "slidingWindowSize": math.ceil(point.window_s) if by_time else _calls(point),
        "minimumNumberOfCalls": _minimum(point),
        "failureRateThreshold": _percent(_failure_rate(point)),
    }
    if point.trip_policy == "slow-call-rate":
        window["slowCallRateThreshold"] = _percent(point.slow_call_rate)
        window["slowCallDurationThreshold"] = _duration(point.slow_call_s)
    return window


def _cooldown(point: Point) -> dict[str, object]:
    cooldown: dict[str, object] = {"waitDurationInOpenState": _duration(point.reset_timeout_s)}
    if point.reset_growth > 1:
        cooldown["enableExponentialBackoff"] = "true"
        cooldown["exponentialBackoffMultiplier"] = point.reset_growth
        cooldown["exponentialMaxWaitDurationInOpenState"] = _duration(gaps.longest_cooldown_s(point))
    elif point.reset_jitter:
        cooldown["enableRandomizedWait"] = "true"
        cooldown["randomizedWaitFactor"] = min(point.reset_jitter, MOST_JITTER)
    return cooldown


def _calls(point: Point) -> int:
    return point.window_calls if gaps.by_rate(point) else point.fail_max


def _minimum(point: Point) -> int:
    return point.minimum_calls if gaps.by_rate(point) else point.fail_max


def _failure_rate(point: Point) -> float:
    return point.failure_rate if gaps.by_rate(point) else 1.0


def _percent(rate: float) -> str:
    return f"{100 * max(rate, LEAST_RATE):g}"


def _duration(duration_s: float) -> str:
    return with_unit(duration_s, "s", "ms")


def _cannot(point: Point) -> tuple[str, ...]:
    return said(
        gaps.hang(point),
        gaps.patience(point),
        gaps.overdue(point),
        _broken_seconds(point),
        *_small_rates(point),
        _few_probes(point),
        _failed_probe(point),
        _lost_jitter(point),
        gaps.ramp(point),
    )


def _broken_seconds(point: Point) -> str:
    if not gaps.by_rate(point) or point.window_s == math.ceil(point.window_s):
        return ""
    return f"A window has whole seconds: {math.ceil(point.window_s)}, not {point.window_s:g}."


def _small_rates(point: Point) -> tuple[str, ...]:
    rates = [_failure_rate(point)] + [point.slow_call_rate] * (point.trip_policy == "slow-call-rate")
    return tuple(f"A rate is at least 1 %, not {100 * rate:g} %." for rate in rates if rate < LEAST_RATE)


def _few_probes(point: Point) -> str:
    if _decides_after(point) == point.probes_to_close:
        return ""
    return f"The circuit closes after {_decides_after(point)} good probes, not {point.probes_to_close}."


def _failed_probe(point: Point) -> str:
    if _decides_after(point) * _failure_rate(point) <= 1:
        return ""
    return (
        f"One failed probe does not open the circuit again: of {_decides_after(point)} probes, "
        f"{_percent(_failure_rate(point))} % have to fail."
    )


def _decides_after(point: Point) -> int:
    return min(point.probes_to_close, _minimum(point))


def _lost_jitter(point: Point) -> str:
    if point.reset_growth > 1 and point.reset_jitter:
        return f"application.yml takes growth or jitter, not both: the jitter of {point.reset_jitter:g} is left out."
    if point.reset_jitter > MOST_JITTER:
        return f"Jitter has to be below 1: {MOST_JITTER}, not {point.reset_jitter:g}."
    return ""


def _differs(point: Point) -> tuple[str, ...]:
    slow = "A probe that is slow opens the circuit again, even if it succeeds."
    return said(
        "Calls of users are the probes, at the same time if they come so.",
        "The TimeLimiter needs a method that returns a CompletionStage, or a reactive type.",
        slow if point.trip_policy == "slow-call-rate" else "",
    )
