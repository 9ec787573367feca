"""What an id of a product looks like."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopkit.errors import ApiError
from shopkit.product_ids import parse_id


@pytest.mark.parametrize(("text", "expected"), [("1", 1), ("42", 42), ("100", 100), ("999999999", 999_999_999)])
def test_a_plain_whole_number_is_an_id(text: str, expected: int) -> None:
    """Ids go from 1 to 999,999,999."""
    assert parse_id(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1\n",
        "01",
        "1.5",
        "1e3",
        "1_000",
        "0x1",
        "abc",
        "\x00",
        "1\x00",
        "../x",
        "\u0661",  # the Arabic digit one
        "\uff11",  # the fullwidth digit one
        "\u00b2",  # superscript two
        "1000000000",
        pytest.param("1" * 10_000, id="10000 digits"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """What is not an id gives 400, and the answer says what is allowed."""
    with pytest.raises(ApiError, match="not a product id") as refusal:
        parse_id(text)

    assert refusal.value.status == 400
    assert refusal.value.body == {
        "error": "not a product id",
        "allowed": "a whole number from 1 to 999999999",
    }


@given(st.text() | st.integers().map(str))
@settings(database=None)
def test_an_id_has_one_spelling(text: str) -> None:
    """Whatever is accepted is what the number prints as; everything else is an ApiError and no other."""
    try:
        accepted = parse_id(text)
    except ApiError:
        return
    assert str(accepted) == text
    assert 1 <= accepted <= 999_999_999
