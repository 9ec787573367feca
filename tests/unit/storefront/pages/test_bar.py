"""The bar above every page."""

import pytest

from storefront.pages.bar import in_words


@pytest.mark.parametrize(("ms", "words"), [(3.14, "3.1 ms"), (14.2, "14 ms"), (30_012, "30.0 s")])
def test_writes_time_in_fitting_unit(ms: float, words: str) -> None:
    """A time has tenths of a millisecond below ten of them, and seconds from a thousand on."""
    assert in_words(ms) == words
