"""What the id of a product looks like in a path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkit.errors import ApiError
from shopkit.product_ids import parse_id

NEAR_MISSES = st.text(alphabet="0123456789-+._ex \n\x00\u0661\uff11\u00b2", max_size=12)


@given(st.integers(1, 999_999_999))
def test_accepts_whole_number_in_range(number: int) -> None:
    """Every whole number from 1 to 999,999,999 is an id in its decimal spelling."""
    assert parse_id(str(number)) == number


@given(NEAR_MISSES | st.text() | st.integers().map(str) | st.just("1" * 10_000))
def test_rejects_any_other_text(text: str) -> None:
    """Text that is not the decimal spelling of a number in range gives 400 and names what is allowed."""
    if text in {"", "0"} or not (text.isascii() and text.isdecimal()) or text.startswith("0") or len(text) > 9:
        with pytest.raises(ApiError) as refusal:
            parse_id(text)
        assert refusal.value.status == 400
        assert refusal.value.details == {"allowed": "a whole number from 1 to 999999999"}
    else:
        assert str(parse_id(text)) == text
