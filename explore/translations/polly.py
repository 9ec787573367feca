"""The point for Polly v8, in C#.

Settings and defaults: https://www.pollydocs.org/strategies/circuit-breaker,
https://www.pollydocs.org/strategies/timeout, https://www.pollydocs.org/strategies/rate-limiter.

Allowed values: MinimumThroughput from 2, SamplingDuration and BreakDuration from 0.5 s to a day, and a timeout from
0.01 s to a day: https://www.pollydocs.org/api/Polly.CircuitBreaker.CircuitBreakerStrategyOptions-1.html,
https://www.pollydocs.org/api/Polly.Timeout.TimeoutStrategyOptions.html. What BreakDurationGenerator returns has no such
limits; its HalfOpenAttempts are 0 when the circuit trips, and return to 0 when it closes (CircuitStateController.cs):
https://github.com/App-vNext/Polly/tree/main/src/Polly.Core/CircuitBreaker

Version 8 dropped the rule about failures in a row: https://github.com/App-vNext/Polly/pull/1444. A ratio of 1 comes
close if the window is short: https://github.com/App-vNext/Polly-Samples/issues/60
"""

from explore.point import Point
from explore.translations import gaps
from explore.translations.durations import decimal_s
from explore.translations.translation import Translation, said

LEAST_CALLS = 2
LEAST_WINDOW_S = 0.5
LEAST_COOLDOWN_S = 0.5
LEAST_TIMEOUT_S = 0.01


def translate(point: Point) -> Translation:
    """Return C# that builds a pipeline; the limiter is outermost, because its refusals are no failures."""
    lines = [
        "// Packages: Polly.Core, Polly.RateLimiting",
        "using System;",
        "using System.Threading.Tasks;",
        "using Polly;",
        "using Polly.CircuitBreaker;",
        "",
        "var pipeline = new ResiliencePipelineBuilder()",
        f"    .AddConcurrencyLimiter(permitLimit: {point.max_concurrent}, queueLimit: 0)",
        "    .AddCircuitBreaker(new CircuitBreakerStrategyOptions",
        "    {",
        f"        FailureRatio = {point.failure_rate if gaps.by_rate(point) else 1.0},",
        f"        MinimumThroughput = {max(LEAST_CALLS, _calls(point))},",
        f"        SamplingDuration = {_time_span(max(LEAST_WINDOW_S, _window_s(point)))},",
        *_cooldown(point),
        "    })",
        f"    .AddTimeout({_time_span(max(LEAST_TIMEOUT_S, point.deadline_s))})",
        "    .Build();",
    ]
    return Translation("Polly v8", "csharp", "\n".join(lines) + "\n", _cannot(point), _DIFFERS)


def _calls(point: Point) -> int:
    return point.minimum_calls if gaps.by_rate(point) else point.fail_max


def _window_s(point: Point) -> float:
    # in a row: when the first calls of a hang end, the successes before it have left a window as long as the deadline
    return gaps.window_s(point) if gaps.by_rate(point) else max(LEAST_WINDOW_S, point.deadline_s)


def _time_span(duration_s: float) -> str:
    return f"TimeSpan.FromSeconds({decimal_s(duration_s)})"


def _cooldown(point: Point) -> list[str]:
    if point.reset_growth == 1 and not point.reset_jitter and point.reset_timeout_s >= LEAST_COOLDOWN_S:
        return [f"        BreakDuration = {_time_span(point.reset_timeout_s)},"]
    first_s, longest_s = decimal_s(point.reset_timeout_s), decimal_s(gaps.longest_cooldown_s(point))
    return [
        "        BreakDurationGenerator = static args =>",
        "        {",
        f"            var grown = {first_s} * Math.Pow({point.reset_growth}, args.HalfOpenAttempts);",
        f"            var jitter = {point.reset_jitter} * (2 * Random.Shared.NextDouble() - 1);",
        f"            var wait = Math.Min(grown, {longest_s}) * (1 + jitter);",
        "            return new ValueTask<TimeSpan>(TimeSpan.FromSeconds(wait));",
        "        },",
    ]


def _cannot(point: Point) -> tuple[str, ...]:
    return said(
        _row(point),
        *_limits(point),
        gaps.window_of_calls(point),
        gaps.slow_calls(point),
        gaps.hang(point),
        gaps.patience(point),
        gaps.overdue(point),
        _probes(point),
        gaps.ramp(point),
    )


def _row(point: Point) -> str:
    if gaps.by_rate(point):
        return ""
    return (
        f"It has no rule about {point.fail_max} failures in a row: it trips when all calls of the last "
        f"{_window_s(point):g} s have failed, at least {max(LEAST_CALLS, point.fail_max)}."
    )


def _limits(point: Point) -> tuple[str, ...]:
    limits = (
        (_calls(point), LEAST_CALLS, "MinimumThroughput is at least {}, not {}."),
        (_window_s(point), LEAST_WINDOW_S, "SamplingDuration is at least {} s, not {:g} s."),
        (point.deadline_s, LEAST_TIMEOUT_S, "A timeout is at least {} s, not {:g} s."),
    )
    return tuple(sentence.format(least, wanted) for wanted, least, sentence in limits if wanted < least)


def _probes(point: Point) -> str:
    return f"One good probe closes the circuit, not {point.probes_to_close}." if point.probes_to_close > 1 else ""


_DIFFERS = (
    "A call of a user is the probe: the first one after the cooldown.",
    "It looks at the rate only when a call fails, and forgets calls by tenths of the window.",
    "A timeout cancels: code that does not observe the cancellation token runs on, and its caller waits.",
)
