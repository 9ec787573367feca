"""Quantities as people read them."""

import pytest

from report.quantities import quantity


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "share", "0 %"),
        (1, "share", "100 %"),
        (0.5, "share", "50 %"),
        (0.01, "share", "1 %"),
        (0.0004, "share", "0.04 %"),
        (0.000001, "share", "under 0.01 %"),
        (0.9997, "share", "99.97 %"),
        (0.999999, "share", "over 99.99 %"),
        (3.14159, "ms", "3.1 ms"),
        (0.5, "ms", "0.5 ms"),
        (0.004, "ms", "0.004 ms"),
        (520.4, "ms", "520 ms"),
        (30005, "ms", "30 s"),
        (0.54, "s", "0.54 s"),
        (3178, "calls", "3,178 calls"),
        (62.4, "/s", "62.4 /s"),
        (0, "", "0"),
    ],
)
def test_quantity_has_the_digits_that_say_something(value: float, unit: str, text: str) -> None:
    """All and none are said of all and none alone."""
    assert quantity(value, unit) == text
