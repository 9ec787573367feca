"""Quantities as people read them: 3.1 ms, 30 s, 99.98 %. Rounding never turns nearly all into all, or few into none."""

from collections.abc import Callable

MS_IN_S = 1000
HUNDRED = 100
NOTHING = "–"  # noqa: RUF001 - a dash stands where there is no value


def quantity(value: float, unit: str) -> str:
    """Return a value with its unit: `share`, `ms`, `s`, or whatever is counted."""
    if unit in WORDS:
        return WORDS[unit](value)
    return f"{number(value)} {unit}".rstrip()


def share(value: float) -> str:
    """Return a share of 1 in percent: 100 % only of all, 0 % only of none."""
    percent = value * HUNDRED
    for digits in (0, 1, 2):
        shown = round(percent, digits)
        if shown == round(percent, 9) or (0 < shown < HUNDRED and (digits or 1 < shown < HUNDRED - 1)):
            return f"{shown:.{digits}f} %"
    return "under 0.01 %" if percent < 1 else "over 99.99 %"


def milliseconds(value: float) -> str:
    """Return a time given in milliseconds."""
    return seconds(value / MS_IN_S) if value >= MS_IN_S else f"{number(value)} ms"


def seconds(value: float, digits: int | None = None) -> str:
    """Return a time given in seconds; `digits` as for `number`."""
    return f"{number(value, digits)} s"


def number(value: float, digits: int | None = None) -> str:
    """Return a number with so many decimals; without `digits`: none from 100 on, below that as many as matter."""
    if digits is not None:
        return f"{value:,.{digits}f}"
    if value >= HUNDRED or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}".removesuffix(".0") if value >= 1 else f"{value:.2g}"


def count(value: int | None) -> str:
    """Return a whole number, or a dash where it is not known."""
    return NOTHING if value is None else f"{value:,}"


def significant(value: float) -> str:
    """Return a measurement to three significant digits."""
    return f"{value:,.0f}" if value >= HUNDRED else f"{value:.3g}"


WORDS: dict[str, Callable[[float], str]] = {"share": share, "ms": milliseconds, "s": seconds}
