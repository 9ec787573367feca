"""The point for pybreaker, in Python.

Settings and meanings: https://github.com/danielfm/pybreaker#usage; version 1.4.1 is the one that api-gateway-v2 uses.
docs/the-guard.md says why it does not use `call()`, and docs/the-guard.md#many-threads shows what both ways cost.
"""

from explore.point import Point
from explore.translations import gaps
from explore.translations.translation import Translation, said


def translate(point: Point) -> Translation:
    """Return Python that makes a circuit breaker and shows how to call through it."""
    lines = [
        "import pybreaker",
        "",
        "breaker = pybreaker.CircuitBreaker(",
        f"    fail_max={point.fail_max},",
        f"    reset_timeout={point.reset_timeout_s},",
        f"    success_threshold={point.probes_to_close},",
        '    name="recommendations",',
        ")",
        "",
        "with breaker.calling():",
        "    ...  # the call",
    ]
    return Translation("pybreaker", "python", "\n".join(lines) + "\n", _cannot(point), _DIFFERS)


def _cannot(point: Point) -> tuple[str, ...]:
    return said(
        _rate(point),
        gaps.slow_calls(point),
        gaps.hang(point),
        gaps.patience(point),
        f"It has no deadline: the client has to end a call after {point.deadline_s:g} s.",
        gaps.bulkhead(point),
        gaps.growth(point),
        gaps.jitter(point),
        gaps.ramp(point),
    )


def _rate(point: Point) -> str:
    if not gaps.by_rate(point):
        return ""
    window = f"{point.window_s:g} s" if point.window_s else f"{point.window_calls} calls"
    return (
        f"It has no rates: a share of {point.failure_rate:g} of the last {window}, from {point.minimum_calls} calls "
        f"on, trips nothing, but {point.fail_max} failures in a row do."
    )


_DIFFERS = (
    "calling() lets every caller through in HALF-OPEN.",
    "call() lets one through, but holds its lock while the call runs: so calls run one by one, even while CLOSED.",
    "The cooldown goes by the wall clock.",
    "The call that trips the circuit raises CircuitBreakerError instead of its own error.",
)
