"""What a product is, and what an id of one looks like."""

import re

from typing_extensions import TypedDict

from shopkit.errors import ApiError

_ID = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class Product(TypedDict):
    """A product as the services exchange it."""

    id: int
    name: str
    category: str
    price: float  # in the shop's only currency
    description: str


def parse_id(text: str) -> int:
    """Return the product id that `text` spells.

    Raises:
        ApiError: 400, unless it is a whole number from 1 to 999,999,999 in plain digits.
    """
    if not _ID.fullmatch(text):
        raise ApiError(400, "not a product id", allowed="a whole number from 1 to 999999999")
    return int(text)
