"""What takes the place of recommendations."""

from collections.abc import Callable

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
    fallback = Popular(catalogue, (3, 99, 1), start=lambda task: task())
    assert fallback.instead(2).mode == EMPTY, "they are not known yet"

    assert fallback.instead(2).products == [product(3), product(1)]
    assert fallback.instead(3) == ([product(1)], {"degraded_mode": True, "fallback": "popular"})
    assert catalogue.asked == 1


def test_popular_of_unknown_products_is_empty() -> None:
    """When the catalogue has none of the products, pages are empty, and it is not asked again."""
    catalogue = CatalogueOf()
    fallback = Popular(catalogue, (99,), start=lambda task: task())

    assert [fallback.instead(1).mode for _ in range(3)] == [EMPTY] * 3
    assert catalogue.asked == 1


def test_popular_waits_for_nobody() -> None:
    """While the catalogue is being asked, pages are empty, and nobody asks it a second time."""
    catalogue, tasks = CatalogueOf(), list[Callable[[], None]]()
    fallback = Popular(catalogue, (3,), start=tasks.append)

    assert [fallback.instead(1).mode for _ in range(3)] == [EMPTY] * 3
    assert (len(tasks), catalogue.asked) == (1, 0)
    tasks[0]()
    assert fallback.instead(1).products == [product(3)]


def test_popular_asks_again_after_a_failure() -> None:
    """As long as the catalogue or a thread for asking it is missing, pages are empty and ask again."""
    catalogue = CatalogueOf()
    catalogue.is_away = True
    fallback = Popular(catalogue, (3,), start=lambda task: task())
    for _ in range(2):
        assert fallback.instead(1).mode == EMPTY
    assert catalogue.asked == 2

    def no_thread(_task: Callable[[], None]) -> None:
        raise RuntimeError("can't start new thread")

    assert Popular(catalogue, (3,), start=no_thread).instead(1).mode == EMPTY

    catalogue.is_away = False
    fallback.instead(1)
    assert fallback.instead(1).products == [product(3)]


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock."""
    return ManualClock()
