"""What takes the place of recommendations."""

import pytest

from api_gateway_v2.fallbacks import Fallback, LastKnown, Popular
from shopkit.errors import Unreachable
from storefront.products import Product
from support.circuits import ManualClock

EMPTY = {"degraded_mode": True, "fallback": "empty"}


def product(product_id: int) -> Product:
    """Return a product."""
    return Product(id=product_id, name=f"Product {product_id}", category="All", price=1.0, description="It is.")


class CatalogueOf:
    """A catalogue of five products."""

    def __init__(self) -> None:
        self.is_away = False
        self.asked = 0

    def product(self, product_id: int) -> Product:
        """Return one product."""
        return product(product_id)

    def products(self) -> list[Product]:
        """Return all products."""
        self.asked += 1
        if self.is_away:
            raise Unreachable("product-service", "is away")
        return [product(number) for number in range(1, 6)]


def test_empty_shows_nothing() -> None:
    """The default is no products, whatever was answered before."""
    fallback = Fallback()
    fallback.remember(1, [product(2)])
    related = fallback.instead(1)

    assert related == ([], EMPTY)


def test_last_known_gives_the_last_answer_and_its_age(clock: ManualClock) -> None:
    """The last good answer for the same product is repeated, with its age in seconds; others know nothing."""
    fallback = LastKnown(clock=clock)
    fallback.remember(1, [product(2)])
    fallback.remember(1, [product(3)])
    clock.move(12.5)

    related = fallback.instead(1)
    assert related.products == [product(3)]
    assert related.mode == {"degraded_mode": True, "fallback": "last-known", "fallback_age_s": 12.5}
    assert fallback.instead(7).mode == EMPTY


def test_last_known_is_bounded(clock: ManualClock) -> None:
    """Of the products that were answered, those answered the longest ago are forgotten."""
    fallback = LastKnown(kept=2, clock=clock)
    for number in (1, 2, 1, 3):
        fallback.remember(number, [product(number)])

    assert [len(fallback.instead(number).products) for number in (1, 2, 3)] == [1, 0, 1]


def test_popular_leaves_out_the_product_on_the_page() -> None:
    """Everybody sees the same products in their order, known ones only, and the catalogue is asked once."""
    catalogue = CatalogueOf()
    fallback = Popular(catalogue, (3, 99, 1))

    assert fallback.instead(2).products == [product(3), product(1)]
    related = fallback.instead(3)
    assert related == ([product(1)], {"degraded_mode": True, "fallback": "popular"})
    assert catalogue.asked == 1


def test_popular_is_empty_while_the_catalogue_is_away() -> None:
    """Without a catalogue there is nothing to show, and the next page asks again."""
    catalogue = CatalogueOf()
    catalogue.is_away = True
    fallback = Popular(catalogue, (3,))
    assert fallback.instead(1).mode == EMPTY

    catalogue.is_away = False
    assert fallback.instead(1).products == [product(3)]


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock."""
    return ManualClock()
