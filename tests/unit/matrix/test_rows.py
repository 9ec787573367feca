"""The rows of the matrix."""

import pytest

from experiment.errors import UsageError
from matrix.rows import row_named


@pytest.mark.parametrize(
    ("name", "says"), [("boil", "no fault 'boil'"), ("kill", "no faults of the process"), ("slow,delay_s=x", "delay_s")]
)
def test_refuses_what_is_no_row(name: str, says: str) -> None:
    """The message names what is wrong."""
    with pytest.raises(UsageError, match=says):
        row_named(name)


def test_fault_that_nobody_can_heal_ends_with_the_phase() -> None:
    """A service that refuses connections cannot be told to stop."""
    assert row_named("refuse").body(6.0)["for_s"] == 6.0
    assert "for_s" not in row_named("hang").body(6.0)


def test_product_fault_is_one_of_the_product_service() -> None:
    """It needs product services of their own."""
    assert row_named("product:hang").of_product
    assert not row_named("hang").of_product
