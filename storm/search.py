"""Where a condition turns from false to true: bisection between two lengths."""

from collections.abc import Callable


def turning_point_s(is_true: Callable[[float], bool], longest_s: float, precision_s: float) -> float | None:
    """Return the middle of the last interval of at most `precision_s` seconds; None: not even true of the longest."""
    if not is_true(longest_s):
        return None
    low_s, high_s = 0.0, longest_s
    while high_s - low_s > precision_s:
        middle_s = (low_s + high_s) / 2
        low_s, high_s = (low_s, middle_s) if is_true(middle_s) else (middle_s, high_s)
    return (low_s + high_s) / 2
