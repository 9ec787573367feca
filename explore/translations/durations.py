"""Durations as the targets write them: to the millisecond, and never zero, which none of them takes for a duration."""


def whole_ms(duration_s: float) -> int:
    """Return a duration in whole milliseconds, at least one."""
    return max(1, round(duration_s * 1000))


def decimal_s(duration_s: float) -> str:
    """Return the seconds as a decimal number: 10 or 0.25."""
    return f"{whole_ms(duration_s) / 1000:.3f}".rstrip("0").removesuffix(".")


def with_unit(duration_s: float, second: str, millisecond: str) -> str:
    """Return a whole number and its unit: seconds if they are whole, else milliseconds."""
    seconds, rest_ms = divmod(whole_ms(duration_s), 1000)
    return f"{1000 * seconds + rest_ms}{millisecond}" if rest_ms else f"{seconds}{second}"
