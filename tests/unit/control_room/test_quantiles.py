"""Quantiles of a histogram, as Prometheus has them."""

import pytest

from control_room.quantiles import quantile

BOUNDS = (0.1, 0.5, 1.0, float("inf"))


@pytest.mark.parametrize(
    ("q", "counts", "expected"),
    [
        (0.5, (10, 10, 10, 10), 0.05),  # all in the first bucket: half way through it
        (0.5, (0, 10, 10, 10), 0.3),  # all in the second: half way between its bounds
        (0.5, (4, 8, 10, 10), 0.2),
        (0.99, (0, 0, 100, 100), 0.995),
        (0.99, (0, 0, 0, 5), 1.0),  # beyond the last bound: no more than that bound is known
        (1.0, (1, 1, 1, 1), 0.1),
        (0.0, (0, 3, 3, 3), 0.1),
    ],
)
def test_value_is_interpolated_in_its_bucket(q: float, counts: tuple[float, ...], expected: float) -> None:
    """Observations of a bucket are taken to be spread evenly over it."""
    assert quantile(q, BOUNDS, counts) == pytest.approx(expected)


@pytest.mark.parametrize("counts", [(), (0, 0, 0, 0)])
def test_nothing_has_no_quantile(counts: tuple[float, ...]) -> None:
    """Without observations there is no value."""
    assert quantile(0.5, BOUNDS, counts) is None
