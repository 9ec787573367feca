"""Quantities as people read them."""

import json
import subprocess
import sys

import pytest

from report.quantities import count, milliseconds, number, quantity, seconds, share, significant
from support.demo import ROOT

IN_THE_PAGE = """
import {{ milliseconds, percent }} from "./report/page/scripts/quantities.js";
console.log(JSON.stringify([{times}.map(milliseconds), {shares}.map(percent)]));
"""


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "share", "0 %"),
        (1, "share", "100 %"),
        (0.5, "share", "50 %"),
        (0.0004, "share", "0.04 %"),
        (0.000001, "share", "under 0.01 %"),
        (0.9997, "share", "99.97 %"),
        (0.999999, "share", "over 99.99 %"),
        (3.14159, "ms", "3.1 ms"),
        (0.004, "ms", "0.004 ms"),
        (520.4, "ms", "520 ms"),
        (30005, "ms", "30 s"),
        (0.54, "s", "0.54 s"),
        (3178, "calls", "3,178 calls"),
        (62.4, "/s", "62.4 /s"),
        (0, "", "0"),
    ],
)
def test_quantity_shows_the_digits_that_matter(value: float, unit: str, text: str) -> None:
    """A quantity is rounded to the digits that matter, but never to all or none unless it is exactly that."""
    assert quantity(value, unit) == text


def test_number_keeps_the_digits_asked_for() -> None:
    """Columns that are compared keep a fixed number of decimals."""
    assert (number(1234.5, 2), number(3.0, 1), seconds(2.0126, 3)) == ("1,234.50", "3.0", "2.013 s")


def test_unknown_count_is_a_dash() -> None:
    """A count that could not be read is not shown as zero."""
    assert (count(3178), count(0), count(None)) == ("3,178", "0", "–")  # noqa: RUF001 - the dash itself


def test_measurement_shows_three_significant_digits() -> None:
    """A measurement has three significant digits, and all of its whole ones."""
    assert [significant(value) for value in (0.012345, 1.2345, 98.76, 1234.5)] == ["0.0123", "1.23", "98.8", "1,234"]


def test_page_shows_the_same_quantities() -> None:
    """The page's script rounds times and shares as the rest of the report does."""
    times = [0, 0.004, 0.57, 1, 3.14159, 9.96, 42.5, 99.94, 100.4, 999.4, 1000, 1234.5, 30005]
    shares = [0, 0.000001, 0.0004, 0.004, 0.05, 0.123, 0.5, 0.987, 0.9997, 0.999999, 1]
    script = IN_THE_PAGE.format(times=times, shares=shares)
    deno = [sys.executable, "-m", "deno", "eval", "--quiet", script]
    done = subprocess.run(deno, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own script

    assert json.loads(done.stdout) == [list(map(milliseconds, times)), list(map(share, shares))]
