"""The id of a product in a path."""

import re

from shopkit.errors import ApiError

_ID = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def parse_id(text: str) -> int:
    """Return the product id that `text` spells.

    Raises:
        ApiError: 400, unless it is a whole number from 1 to 999,999,999 in plain digits.
    """
    if not _ID.fullmatch(text):
        raise ApiError(400, "not a product id", allowed="a whole number from 1 to 999999999")
    return int(text)
