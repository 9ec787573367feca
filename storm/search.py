"""Where a condition turns from false to true: bisection."""

from collections.abc import Callable

Interval = tuple[float, float]  # false of its low end, and true of its high end


def turning_point(is_true: Callable[[float], bool], most: float, precision: float) -> Interval | None:
    """Return an interval that is no longer than `precision`; None: not even true of `most`. 0 counts as false."""
    if not is_true(most):
        return None
    low, high = 0.0, most
    while high - low > precision:
        middle = (low + high) / 2
        low, high = (low, middle) if is_true(middle) else (middle, high)
    return low, high


def middle_of(interval: Interval | None) -> float | None:
    """Return the best guess of where it turns."""
    return interval and sum(interval) / 2
